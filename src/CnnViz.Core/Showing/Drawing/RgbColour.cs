using CnnViz.Pictures;

namespace CnnViz.Showing.Drawing;

/// <summary>An opaque colour.</summary>
/// <param name="Red">0…255.</param>
/// <param name="Green">0…255.</param>
/// <param name="Blue">0…255.</param>
public readonly record struct RgbColour(byte Red, byte Green, byte Blue)
{
    /// <summary>White.</summary>
    public static RgbColour White { get; } = new(255, 255, 255);

    private static RgbColour Ink { get; } = new(17, 17, 17);

    /// <summary>Black or white, whichever is easier to read on it.</summary>
    public RgbColour Text => Contrast(this, Ink) >= Contrast(this, White) ? Ink : White;

    /// <summary>For text that matters less.</summary>
    public RgbColour QuietText => Mix(Text, this, 0.35);

    /// <summary>Reads a colour.</summary>
    /// <param name="text">A name such as <c>white</c>, or <c>#rrggbb</c>.</param>
    /// <exception cref="CnnVizException">It is no colour, or not opaque.</exception>
    public static RgbColour Parse(string text) => ColourNames.Find(text) is { } colour
        ? new RgbColour(colour.Red, colour.Green, colour.Blue)
        : throw new CnnVizException("UnknownColour", $"'{text}' is not an opaque colour.", "Give a name such as white, or six digits such as #1a1a1a.");

    /// <summary>A colour between two.</summary>
    /// <param name="first">The one.</param>
    /// <param name="second">The other.</param>
    /// <param name="share">Of the second, 0…1.</param>
    internal static RgbColour Mix(RgbColour first, RgbColour second, double share)
    {
        byte Between(byte a, byte b) => (byte)Math.Round(a + (b - a) * share);
        return new RgbColour(Between(first.Red, second.Red), Between(first.Green, second.Green), Between(first.Blue, second.Blue));
    }

    /// <summary>The contrast ratio of WCAG 2, 1…21.</summary>
    internal static double Contrast(RgbColour first, RgbColour second)
    {
        (double a, double b) = (first.Luminance(), second.Luminance());
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    private double Luminance()
    {
        static double Linear(byte value) => value <= 10 ? value / 255.0 / 12.92 : Math.Pow((value / 255.0 + 0.055) / 1.055, 2.4);
        return 0.2126 * Linear(Red) + 0.7152 * Linear(Green) + 0.0722 * Linear(Blue);
    }
}
