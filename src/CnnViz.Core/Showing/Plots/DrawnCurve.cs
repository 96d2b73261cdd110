using OxyPlot;

namespace CnnViz.Showing.Plots;

/// <summary>A curve as it is drawn.</summary>
/// <param name="Name">What stands beside its end; null for nothing.</param>
/// <param name="Values">The values at the beginning of each step; others than numbers are gaps.</param>
/// <param name="Style">Colour and dashes.</param>
internal sealed record DrawnCurve(string? Name, IReadOnlyList<float> Values, CurveStyle Style)
{
    /// <summary>Its last value that is a number; null where there is none.</summary>
    public float? End
    {
        get
        {
            float value = Values.LastOrDefault(float.IsFinite, float.NaN);
            return float.IsNaN(value) ? null : value;
        }
    }

    /// <summary>Points for a line: those that are no numbers break it.</summary>
    public IEnumerable<DataPoint> Points => Values.Select((value, i) => float.IsFinite(value) ? new DataPoint(i + 1, value) : DataPoint.Undefined);

    /// <summary>Points that no line would show, because both of their neighbours are missing.</summary>
    public IEnumerable<DataPoint> LonePoints => Enumerable.Range(0, Values.Count)
        .Where(i => IsNumber(i) && !IsNumber(i - 1) && !IsNumber(i + 1))
        .Select(i => new DataPoint(i + 1, Values[i]));

    private bool IsNumber(int i) => i >= 0 && i < Values.Count && float.IsFinite(Values[i]);
}
