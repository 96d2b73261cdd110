namespace CnnViz.Kernels;

/// <summary>
/// One operation on maps of one size, forward and back to its inputs. Both ways it gathers: each place of the result is written by whoever it
/// belongs to and depends on nothing but the maps that it is made of, so that pictures are the same whatever else is in the batch and however
/// many threads there are.
/// </summary>
/// <remarks>A kernel belongs to the one plan that it is added to.</remarks>
public abstract partial class Kernel
{
    private int _plans;

    private protected Kernel(MapShape input, MapShape output) => (Input, Output) = (input, output);

    /// <summary>The size of each input; where they differ, of the first.</summary>
    public MapShape Input { get; }

    /// <summary>The size of the result.</summary>
    public MapShape Output { get; }

    /// <summary>Whether it takes inputs of these sizes.</summary>
    internal virtual bool Takes(IReadOnlyList<MapShape> inputs) => inputs.Count == 1 && inputs[0] == Input;

    /// <summary>Zeros that it needs around its inputs.</summary>
    internal virtual int Halo => 0;

    /// <summary>Zeros that it needs around the result's gradient.</summary>
    internal virtual int GradientHalo => 0;

    /// <summary>Whether it leaves a value beside each of the result for the way back.</summary>
    internal virtual bool HasState => false;

    /// <summary>Whether it can cut its result off.</summary>
    internal virtual bool CanClamp => false;

    /// <summary>Whether it can see to it that gradients of values that were cut off are zero.</summary>
    internal virtual bool CanPass => true;

    /// <summary>What it cuts its result off to; null for nothing. The gradient that it is given has been through that.</summary>
    internal ValueRange? Range { get; set; }

    /// <summary>Does what can be done once and for all, if it takes long; else it is done on the way.</summary>
    internal virtual void Prepare()
    {
    }

    /// <summary>Computes the result.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="share">The part that is to be computed.</param>
    internal abstract void Forward(KernelMaps maps, Share share);

    /// <summary>Computes the gradient of an input.</summary>
    /// <param name="maps">The maps; the result's gradient is known.</param>
    /// <param name="input">The input's number.</param>
    /// <param name="write">How it is written.</param>
    /// <param name="share">The part that is to be computed.</param>
    internal abstract void Backward(KernelMaps maps, int input, GradientWrite write, Share share);

    /// <summary>Makes it a plan's.</summary>
    /// <exception cref="InvalidOperationException">It is one's already.</exception>
    internal void Take()
    {
        if (Interlocked.Increment(ref _plans) > 1)
        {
            throw new InvalidOperationException("A kernel belongs to one plan, and is in it once.");
        }
    }
}

/// <summary>What a kernel works on.</summary>
/// <param name="Inputs">The inputs.</param>
/// <param name="Output">The result.</param>
/// <param name="State">What it leaves for the way back.</param>
/// <param name="Gradient">The result's gradient.</param>
/// <param name="InputGradients">The inputs' gradients.</param>
internal sealed record KernelMaps(MapView[] Inputs, MapView Output, MapView State, MapView Gradient, MapView[] InputGradients);
