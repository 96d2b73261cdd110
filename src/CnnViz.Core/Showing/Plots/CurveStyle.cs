using OxyPlot;

namespace CnnViz.Showing.Plots;

/// <summary>Colour and dashes of a curve.</summary>
/// <param name="Colour">Its colour.</param>
/// <param name="Dashes">Its dashes; null for an unbroken line.</param>
/// <param name="Thickness">Its thickness in pixels.</param>
internal sealed record CurveStyle(OxyColor Colour, double[]? Dashes, double Thickness)
{
    // Okabe and Ito, "Color Universal Design", 2008, without yellow, which a white ground swallows: told apart with any colour vision.
    private static readonly OxyColor[] s_colours =
    [
        OxyColor.FromRgb(0x00, 0x72, 0xb2), OxyColor.FromRgb(0xd5, 0x5e, 0x00), OxyColor.FromRgb(0x00, 0x9e, 0x73),
        OxyColor.FromRgb(0xcc, 0x79, 0xa7), OxyColor.FromRgb(0xe6, 0x9f, 0x00), OxyColor.FromRgb(0x56, 0xb4, 0xe9), OxyColors.Black,
    ];

    private static readonly double[]?[] s_dashes = [null, [6, 3], [1.5, 2], [8, 2.5, 1.5, 2.5]];

    /// <summary>How many curves are told apart.</summary>
    public static int Count => s_colours.Length * s_dashes.Length;

    /// <summary>One of many curves that are not told apart.</summary>
    public static CurveStyle OfMany { get; } = new(OxyColor.FromAColor(90, s_colours[0]), null, 1);

    /// <summary>The curve that stands for many.</summary>
    public static CurveStyle Median { get; } = new(s_colours[1], null, 3);

    /// <summary>The style of a curve by its place, below <see cref="Count"/>.</summary>
    public static CurveStyle At(int place) => new(s_colours[place % s_colours.Length], s_dashes[place / s_colours.Length], 1.75);
}
