namespace CnnViz.Kernels;

/// <summary>The values that a plan computed for a batch, as the way back needs them. To dispose it gives the plan its memory back.</summary>
public sealed class KernelRun : IDisposable
{
    private AlignedBuffer? _values;

    internal KernelRun(KernelPlan plan, AlignedBuffer values, int count) => (Plan, _values, Count) = (plan, values, count);

    /// <summary>Number of images.</summary>
    public int Count { get; }

    /// <summary>The plan that was run.</summary>
    public KernelPlan Plan { get; }

    /// <exception cref="ObjectDisposedException">It has been disposed.</exception>
    internal AlignedBuffer Values => _values ?? throw new ObjectDisposedException(nameof(KernelRun));

    /// <inheritdoc />
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _values, null) is { } values)
        {
            Plan.Return(values);
        }
    }
}
