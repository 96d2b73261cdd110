namespace CnnViz.Kernels;

/// <summary>The size of one image's map.</summary>
/// <param name="Channels">Channels; at least 1.</param>
/// <param name="Height">Rows; at least 1.</param>
/// <param name="Width">Columns; at least 1.</param>
public readonly record struct MapShape(int Channels, int Height, int Width)
{
    /// <summary>Pixels of a map.</summary>
    public int Pixels => Height * Width;

    /// <summary>Values of a map.</summary>
    public long Size => (long)Channels * Height * Width;

    /// <inheritdoc />
    public override string ToString() => $"{Channels}×{Height}×{Width}";

    /// <exception cref="ArgumentException">There is no such map.</exception>
    internal void Check()
    {
        if (Channels < 1 || Height < 1 || Width < 1 || (long)Height * Width > int.MaxValue)
        {
            throw new ArgumentException($"There is no map of {this}.");
        }
    }
}
