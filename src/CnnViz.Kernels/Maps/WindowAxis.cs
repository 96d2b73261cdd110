namespace CnnViz.Kernels;

/// <summary>Where the windows of a convolution or a pooling lie along one axis, in pixels.</summary>
/// <param name="Kernel">Places of a window; at least 1.</param>
/// <param name="Stride">From one window to the next; at least 1.</param>
/// <param name="Dilation">From one place of a window to the next; at least 1.</param>
/// <param name="Before">Padding before the first input; not below 0.</param>
/// <param name="After">Padding behind the last input; not below 0.</param>
/// <param name="Overhang">How far the last window reaches beyond the padding, where the number of windows is rounded up; not below 0. No
/// kernel counts what is there. Convolutions have none.</param>
public readonly record struct WindowAxis(int Kernel, int Stride = 1, int Dilation = 1, int Before = 0, int After = 0, int Overhang = 0)
{
    // Whatever is made of two such numbers can be counted.
    private const int Most = 1 << 15;

    /// <summary>From the first place of a window to the last, both included.</summary>
    public int Reach => (Kernel - 1) * Dilation + 1;

    /// <summary>Number of windows.</summary>
    /// <param name="inputs">Number of inputs.</param>
    public int Positions(int inputs) => Room(inputs) < 0 ? 0 : Room(inputs) / Stride + 1;

    /// <summary>How far windows reach beyond the inputs, at either end.</summary>
    internal int Beyond(int inputs) => Math.Max(0, Math.Max(Before, (Positions(inputs) - 1) * Stride + Reach - Before - inputs));

    internal void Check()
    {
        if (Kernel is < 1 or > Most || Stride is < 1 or > Most || Dilation is < 1 or > Most
            || Before is < 0 or > Most || After is < 0 or > Most || Overhang is < 0 or > Most)
        {
            throw new ArgumentOutOfRangeException(null, $"There are no windows of {this}.");
        }
    }

    private int Room(int inputs) => inputs + Before + After + Overhang - Reach;
}
