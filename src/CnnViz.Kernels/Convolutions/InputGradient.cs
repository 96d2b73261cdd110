namespace CnnViz.Kernels;

/// <summary>The way back of a convolution: the gradient of its inputs.</summary>
internal abstract class InputGradient
{
    /// <param name="weights">The weights.</param>
    /// <param name="window">The window.</param>
    /// <param name="input">The input's size.</param>
    /// <param name="output">The result's size.</param>
    /// <param name="isWide">Whether inputs are taken in large blocks.</param>
    protected InputGradient(ConvolutionWeights weights, MapWindow window, MapShape input, MapShape output, bool isWide)
    {
        (Weights, Window, Input) = (weights, window, input);
        Rows = new InputGradientGeometry(window.Rows, input.Height, output.Height, isWide);
        Columns = new InputGradientGeometry(window.Columns, input.Width, output.Width, isWide);
    }

    /// <summary>Zeros that it needs around the result's gradient.</summary>
    public int Halo => Math.Max(Rows.Halo, Columns.Halo);

    protected ConvolutionWeights Weights { get; }

    protected MapWindow Window { get; }

    /// <summary>The input's size.</summary>
    protected MapShape Input { get; }

    protected InputGradientGeometry Rows { get; }

    protected InputGradientGeometry Columns { get; }

    /// <summary>Packs weights, if that takes long.</summary>
    public virtual void Prepare()
    {
    }

    /// <summary>Computes it.</summary>
    /// <param name="gradient">The result's gradient.</param>
    /// <param name="result">Gets the inputs'.</param>
    /// <param name="write">How it is written.</param>
    /// <param name="share">The part that is to be computed.</param>
    public abstract void Run(MapView gradient, MapView result, GradientWrite write, Share share);

    /// <summary>What is added to an address for each pair of a row and a column.</summary>
    protected static nint[] Taps(MapView gradient, int[] rows, int[] columns) =>
        [.. rows.SelectMany(row => columns.Select(column => (nint)row * gradient.RowStride + (nint)column * gradient.PixelStride))];
}
