using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnViz.Pictures;

/// <summary>Colours by name, or in hexadecimal.</summary>
internal static class ColourNames
{
    /// <summary>Finds a colour.</summary>
    /// <param name="text">A name of CSS, such as <c>white</c>, or <c>#rrggbb</c>.</param>
    /// <returns>Red, green and blue, 0…255; null where it is none, or not opaque.</returns>
    public static (byte Red, byte Green, byte Blue)? Find(string text) =>
        Color.TryParse(text, out Color colour) && colour.ToPixel<Rgba32>() is { A: byte.MaxValue } value ? (value.R, value.G, value.B) : null;
}
