using System.Globalization;

namespace CnnViz.Ascent;

/// <summary>The size of a picture in pixels.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Width">Its width.</param>
public readonly record struct PictureSize(
    [property: Setting("Size", 1, 16384)] int Height,
    [property: Setting("Size", 1, 16384)] int Width) : IComparable<PictureSize>, IComparable
{
    /// <summary>Orders sizes by height, then width.</summary>
    public int CompareTo(PictureSize other) => (Height, Width).CompareTo((other.Height, other.Width));

    int IComparable.CompareTo(object? obj) => obj is PictureSize other ? CompareTo(other) : 1;

    /// <summary>Such as <c>128×96</c>: height, then width.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");
}
