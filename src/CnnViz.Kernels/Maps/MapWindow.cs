namespace CnnViz.Kernels;

/// <summary>The windows of a convolution or a pooling.</summary>
/// <param name="Rows">From top to bottom.</param>
/// <param name="Columns">From left to right.</param>
public readonly record struct MapWindow(WindowAxis Rows, WindowAxis Columns)
{
    /// <summary>Places of a window.</summary>
    public int Places => Rows.Kernel * Columns.Kernel;

    /// <summary>Whether a map has room for a window.</summary>
    public bool Fits(MapShape input) => Rows.Positions(input.Height) > 0 && Columns.Positions(input.Width) > 0;

    /// <summary>The size of the result.</summary>
    /// <param name="input">The input's size.</param>
    /// <param name="channels">The result's channels.</param>
    public MapShape Slide(MapShape input, int channels) => new(channels, Rows.Positions(input.Height), Columns.Positions(input.Width));

    /// <summary>How far windows reach beyond the input, at any end.</summary>
    internal int Beyond(MapShape input) => Math.Max(Rows.Beyond(input.Height), Columns.Beyond(input.Width));

    /// <exception cref="ArgumentException">A number is out of range, or the map has no room for a window.</exception>
    internal void Check(MapShape input)
    {
        input.Check();
        Rows.Check();
        Columns.Check();
        if (!Fits(input))
        {
            throw new ArgumentException($"A map of {input} has no room for a window of {Rows.Reach}×{Columns.Reach}.");
        }
    }
}
