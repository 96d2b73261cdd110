using CnnViz.Showing.Drawing.Text;
using OxyPlot;

namespace CnnViz.Showing.Plots;

/// <summary>The text of plots.</summary>
internal static class PlotText
{
    /// <summary>Fonts for readers of SVG files: ours, and common ones that are about as wide.</summary>
    public const string Family = "Inter, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

    public static TextStyle StyleOf(double size, double weight) =>
        new(weight > FontWeights.Normal ? Typeface.SemiBold : Typeface.Regular, (float)size);

    public static OxySize Measure(string? text, double size, double weight)
    {
        TextStyle style = StyleOf(size, weight);
        return string.IsNullOrEmpty(text) ? OxySize.Empty : new OxySize(style.WidthOf(text), style.LineHeight);
    }
}
