using System.Globalization;

namespace CnnViz.Ascent;

/// <summary>Where a picture stands in a row of pictures that goes from one filter to the next.</summary>
public sealed record InterpolationPlace
{
    /// <summary>What the row goes through, such as <c>conv4:0</c> and <c>conv4:7</c>.</summary>
    public required IReadOnlyList<string> Between { get; init => field = new ValueList<string>(value ?? []); }

    /// <summary>Number of the picture in the row, from 0.</summary>
    public required int Number { get; init; }

    /// <summary>Pictures of the row, which climbed together.</summary>
    public required int Count { get; init; }

    /// <summary>0 at the first filter, 1 at the second, 2 at the third; 0.25 raises three quarters of the first and a quarter of the second.</summary>
    public required double Mix { get; init; }

    /// <summary>How much the pictures have in common, 0…1.</summary>
    public required double Alignment { get; init; }

    /// <summary>Such as <c>conv4:0 to conv4:7, 0.25</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{string.Join(" to ", Between)}, {Mix:0.###}");

    /// <summary>Whether it can be true.</summary>
    internal bool IsPlausible => Between is { Count: > 1 } && Number >= 0 && Number < Count && Mix >= 0 && Alignment is >= 0 and <= 1;
}
