using System.Globalization;
using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas.Pages;

/// <summary>The activation against the step, as a drawing of <see cref="Width"/> by <see cref="Height"/>.</summary>
internal sealed record CurveView
{
    private const double Left = 58;
    private const double Right = 14;
    private const double Top = 12;
    private const double Bottom = 28;

    public const int Width = 480;
    public const int Height = 190;

    /// <summary>The points of each line; a step whose activation is no number parts two lines.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    public required string Lowest { get; init; }

    public required string Highest { get; init; }

    public required string LastStep { get; init; }

    /// <summary>The last point.</summary>
    public required string EndX { get; init; }

    public required string EndY { get; init; }

    /// <summary>Where zero is, if it is within the axis and not at its end.</summary>
    public string? ZeroY { get; init; }

    /// <summary>The same in words.</summary>
    public required string Alt { get; init; }

    /// <summary>The drawing of a picture's ascent; null where it has fewer than two steps with numbers.</summary>
    public static CurveView? Of(AtlasPicture picture)
    {
        float[] known = [.. picture.Curve.OfType<float>()];
        if (known.Length < 2)
        {
            return null;
        }

        (double low, double high) = (known.Min(), known.Max());
        double range = high > low ? high - low : 1;
        int lastStep = Math.Max(picture.Steps - 1, 1);
        var lines = new List<string>();
        var line = new List<string>();
        (string X, string Y) end = (string.Empty, string.Empty);
        for (int i = 0; i <= picture.Curve.Count; i++)
        {
            if (i < picture.Curve.Count && picture.Curve[i] is { } value)
            {
                end = (Text(XOf(Math.Min(1, (double)i * picture.Stride / lastStep))), Text(YOf(value)));
                line.Add($"{end.X},{end.Y}");
            }
            else if (line.Count > 0)
            {
                lines.Add(string.Join(' ', line));
                line.Clear();
            }
        }

        return new CurveView
        {
            Lines = lines,
            Lowest = Figures.Text(low),
            Highest = Figures.Text(high),
            LastStep = Figures.Text(picture.Steps),
            EndX = end.X,
            EndY = end.Y,
            ZeroY = low < 0 && high > 0 && -low / range is > 0.12 and < 0.88 ? Text(YOf(0)) : null,
            Alt = $"Activation at each of {Figures.Text(picture.Steps)} steps: from {Figures.Text(known[0])} to {Figures.Text(known[^1])}, "
                + $"between {Figures.Text(low)} and {Figures.Text(high)}",
        };

        double XOf(double share) => Left + share * (Width - Left - Right);
        double YOf(double value) => Top + (high > low ? (high - value) / range : 0.5) * (Height - Top - Bottom);
    }

    private static string Text(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
