using System.Globalization;

namespace CnnViz.Ascent;

/// <summary>The size of a picture in pixels.</summary>
/// <param name="Height">Its height.</param>
/// <param name="Width">Its width.</param>
public readonly record struct PictureSize(
    [property: Setting("Size", 1, 16384)] int Height,
    [property: Setting("Size", 1, 16384)] int Width)
{
    /// <summary>Such as <c>128×96</c>: height, then width.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Height}×{Width}");
}
