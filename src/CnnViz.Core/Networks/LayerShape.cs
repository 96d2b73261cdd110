namespace CnnViz.Networks;

/// <summary>The shape of a layer's output for one image: channels × height × width, or units alone for a dense layer.</summary>
/// <param name="Channels">Number of channels, or units.</param>
/// <param name="Height">Rows of the map; 1 for a dense layer.</param>
/// <param name="Width">Columns of the map; 1 for a dense layer.</param>
/// <param name="IsMap">False for a dense layer.</param>
public readonly record struct LayerShape(int Channels, int Height, int Width, bool IsMap) : IComparable<LayerShape>, IComparable
{
    /// <summary>Orders shapes by channels, then height, then width, as they are read.</summary>
    public int CompareTo(LayerShape other) =>
        (Channels, Height, Width, IsMap).CompareTo((other.Channels, other.Height, other.Width, other.IsMap));

    int IComparable.CompareTo(object? obj) => obj is LayerShape other ? CompareTo(other) : 1;

    /// <summary>Such as <c>192×28×28</c>, or <c>1000</c>.</summary>
    public override string ToString() => IsMap ? $"{Channels}×{Height}×{Width}" : $"{Channels}";

    internal static LayerShape Of(long[] shape) => shape.Length == 4
        ? new LayerShape((int)shape[1], (int)shape[2], (int)shape[3], true)
        : new LayerShape((int)shape[1], 1, 1, false);
}
