namespace CnnViz.Pictures;

/// <summary>
/// Values as colours over a photo. The photo stays visible everywhere, in grey: it keeps its lightness, which the colours raise. From nothing to the most, colours go
/// from grey over violet, red and orange to yellow, in steps that look equally large.
/// </summary>
internal static class HeatMap
{
    private const int Steps = 255;

    // What is left of the photo's lightness where there is no value, and where there is the most.
    private const float LeastPhoto = 0.35f;
    private const float MostPhoto = 0.7f;

    private static readonly OklabColour[] s_colours = EvenSteps();

    /// <summary>What is added to the photo, from nothing to the most; one is as far from the next as the next from its own.</summary>
    public static IReadOnlyList<OklabColour> Colours => s_colours;

    /// <summary>Draws values over a photo.</summary>
    /// <param name="photo">The photo, grey or RGB, opaque.</param>
    /// <param name="values">Height × width, row by row; below 0, and what is no number, is nothing, and from 1 on is the most.</param>
    /// <returns>A picture in RGB of the photo's size.</returns>
    public static PictureBytes Draw(PictureBytes photo, ReadOnlySpan<float> values)
    {
        PictureBytes grey = photo.ToGrey();
        var samples = new byte[values.Length * 3];
        float[] lightness = [.. Enumerable.Range(0, 256).Select(value => OklabColour.LightnessOf((byte)value))];
        for (int i = 0; i < values.Length; i++)
        {
            float share = values[i] > 0 ? MathF.Min(values[i], 1) : 0;
            OklabColour colour = s_colours[(int)MathF.Round(share * Steps)];
            float photoShare = MostPhoto + (LeastPhoto - MostPhoto) * share;
            (colour with { Lightness = colour.Lightness + photoShare * lightness[grey.Samples[i]] }).ToRgb(samples.AsSpan(i * 3, 3));
        }

        return new PictureBytes(samples, photo.Height, photo.Width, 3);
    }

    // A curve through the colours, at points of equal distance.
    private static OklabColour[] EvenSteps()
    {
        const int fine = 4096;
        var curve = new OklabColour[fine + 1];
        var way = new double[fine + 1];
        for (int i = 0; i <= fine; i++)
        {
            double at = (double)i / fine;
            curve[i] = OklabColour.FromHue(0.62 * at, 0.19 * Math.Sin(Math.PI / 2 * Math.Min(1, at * 1.4)), 300 + 165 * at);
            way[i] = i == 0 ? 0 : way[i - 1] + curve[i].DistanceTo(curve[i - 1]);
        }

        return [.. Enumerable.Range(0, Steps + 1).Select(step =>
            curve[Math.Clamp(Array.FindIndex(way, length => length >= way[fine] * step / Steps), 0, fine)])];
    }
}
