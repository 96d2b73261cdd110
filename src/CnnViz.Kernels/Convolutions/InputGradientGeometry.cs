namespace CnnViz.Kernels;

/// <summary>
/// Which outputs a convolution's inputs lead to, along one axis: input i leads to output o through place k of the kernel where
/// o · stride = i + padding − k · dilation. Inputs are taken in blocks, of as many as the stride or, on request, of several times as many.
/// </summary>
internal sealed class InputGradientGeometry
{
    // Two rows and columns of that many colours fill three vectors.
    private const int WideBlock = 4;

    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _dilation;
    private readonly int _padding;

    /// <param name="axis">The windows.</param>
    /// <param name="inputs">Number of inputs.</param>
    /// <param name="outputs">Number of outputs.</param>
    /// <param name="isWide">Whether blocks are of several times the stride.</param>
    public InputGradientGeometry(WindowAxis axis, int inputs, int outputs, bool isWide)
    {
        (_kernel, _stride, _dilation, _padding) = (axis.Kernel, axis.Stride, axis.Dilation, axis.Before);
        Step = isWide ? Math.Max(1, WideBlock / _stride) : 1;
        Block = Step * _stride;
        Blocks = (inputs + Block - 1) / Block;
        int lowest = FloorDivide(_padding - (_kernel - 1) * _dilation, _stride);
        int highest = FloorDivide(Block - 1 + _padding, _stride);
        Taps =
        [
            .. Enumerable.Range(lowest, Math.Max(0, highest - lowest + 1))
                .Where(tap => Enumerable.Range(0, Block).Any(place => KernelPlace(place, tap) is not null)),
        ];
        Halo = Taps.Length == 0 ? 0 : Math.Max(0, Math.Max(-Taps[0], (Blocks - 1) * Step + Taps[^1] - (outputs - 1)));
    }

    /// <summary>Inputs of a block.</summary>
    public int Block { get; }

    /// <summary>Outputs from one block to the next.</summary>
    public int Step { get; }

    /// <summary>Blocks that cover the inputs.</summary>
    public int Blocks { get; }

    /// <summary>The outputs that a block leads to, counted from its number times <see cref="Step"/>.</summary>
    public int[] Taps { get; }

    /// <summary>How far they lie beyond the outputs that there are.</summary>
    public int Halo { get; }

    /// <summary>The place of the kernel by which an input leads to an output; null for none.</summary>
    /// <param name="place">The input's place in its block.</param>
    /// <param name="tap">The output, as in <see cref="Taps"/>.</param>
    public int? KernelPlace(int place, int tap)
    {
        int distance = place + _padding - tap * _stride;
        return distance >= 0 && distance % _dilation == 0 && distance / _dilation < _kernel ? distance / _dilation : null;
    }

    /// <summary>Those of <see cref="Taps"/> that an input leads to.</summary>
    /// <param name="place">The input's place in its block.</param>
    public int[] TapsOf(int place) => [.. Taps.Where(tap => KernelPlace(place, tap) is not null)];

    private static int FloorDivide(int value, int divisor) => (int)Math.Floor((double)value / divisor);
}
