using System.Globalization;
using System.Runtime.ExceptionServices;
using CnnViz.Pictures;
using CnnViz.Showing.Drawing.Text;
using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace CnnViz.Showing.Plots;

/// <summary>Axes, curves and their names, for any render context.</summary>
internal sealed class CurveModel
{
    private const double Edge = 14;
    private const double NameGap = 26;

    // A reader's own font may be wider than ours.
    private const double Slack = 1.12;

    private static readonly OxyColor s_ink = OxyColor.FromRgb(0x22, 0x22, 0x22);
    private static readonly OxyColor s_quiet = OxyColor.FromRgb(0x55, 0x55, 0x55);
    private static readonly OxyColor s_grid = OxyColor.FromRgb(0xe6, 0xe6, 0xe6);

    private readonly IReadOnlyList<AscentCurve> _curves;
    private readonly PlotOptions _options;
    private readonly IReadOnlyList<DrawnCurve> _drawn;
    private readonly Dictionary<string, string> _shown;
    private readonly double _size;
    private readonly string _title;

    public CurveModel(IReadOnlyList<AscentCurve> curves, PlotOptions options)
    {
        (_curves, _options) = (curves, options);
        _size = options.Width < 480 || options.Height < 300 ? 10 : 12;
        _title = Clean(options.Title ?? TitleOf(curves));
        _drawn = Arrange();
        _shown = ShortenNames();
    }

    /// <summary>Draws everything.</summary>
    public void Render(IRenderContext context)
    {
        PlotModel model = MakePlot();
        ((IPlotModel)model).Update(true);
        ((IPlotModel)model).Render(context, new OxyRect(0, 0, _options.Width, _options.Height));
        if (model.GetLastPlotException() is { } exception)
        {
            // It would be drawn as text instead of the plot.
            ExceptionDispatchInfo.Throw(exception);
        }

        RenderNames(context, model);
    }

    public PictureFacts Facts() => new(
        _title.Length > 0 ? _title : $"{_options.Up} against {_options.Across.ToLowerInvariant()}",
        new Dictionary<string, object?>
        {
            ["title"] = _title,
            ["curves"] = CurveNames.Of(_curves),
        });

    private static string TitleOf(IReadOnlyList<AscentCurve> curves)
    {
        string models = string.Join(", ", curves.Select(curve => curve.Model).Distinct());
        return curves.Count == 1 ? $"{models} {curves[0].Objective}" : models;
    }

    // What XML cannot say is left out.
    private static string Clean(string text) => string.Concat(text.Where(c => !char.IsControl(c) && !char.IsSurrogate(c) && c < '\ufffe'));

    private List<DrawnCurve> Arrange()
    {
        if (_curves.Count == 1)
        {
            // The title names it, unless that is the caller's own.
            string? name = string.IsNullOrEmpty(_options.Title) ? null : CurveNames.Of(_curves)[0];
            return [new DrawnCurve(name, _curves[0].Activations, CurveStyle.At(0))];
        }

        int places = (int)((_options.Height - 8 * _size) / (_size * 1.2));
        if (_curves.Count <= Math.Min(CurveStyle.Count, places))
        {
            IReadOnlyList<string> names = CurveNames.Of(_curves);
            return [.. _curves.Select((curve, i) => new DrawnCurve(Clean(names[i]), curve.Activations, CurveStyle.At(i)))];
        }

        IEnumerable<DrawnCurve> many = _curves.Select((curve, i) =>
            new DrawnCurve(i == 0 ? string.Create(CultureInfo.InvariantCulture, $"{_curves.Count} curves") : null, curve.Activations, CurveStyle.OfMany));
        return [.. many, new DrawnCurve("median", Median(), CurveStyle.Median)];
    }

    // At each step, of the curves that have a number there.
    private float[] Median()
    {
        var median = new float[_curves.Max(curve => curve.Activations.Count)];
        for (int step = 0; step < median.Length; step++)
        {
            float[] values = [.. _curves.Where(curve => step < curve.Activations.Count).Select(curve => curve.Activations[step])
                .Where(float.IsFinite).Order()];
            median[step] = values.Length == 0 ? float.NaN : (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
        }

        return median;
    }

    private PlotModel MakePlot()
    {
        int steps = _drawn.Max(curve => curve.Values.Count);
        double names = _shown.Values.Select(name => NameGap + NameStyle.WidthOf(name) * Slack).DefaultIfEmpty().Max();
        var model = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            Background = OxyColors.White,
            DefaultFont = PlotText.Family,
            DefaultFontSize = _size,
            Title = _title.Length == 0 ? null : PlotText.StyleOf(_size * 1.25, FontWeights.Bold).Shorten(_title, _options.Width - 4 * (float)Edge),
            TitleFontSize = _size * 1.25,
            TitleFontWeight = FontWeights.Bold,
            TitleColor = s_ink,
            TitlePadding = _size * 0.8,
            TextColor = s_quiet,
            Padding = new OxyThickness(Edge, Edge, Edge + names, Edge),
            PlotAreaBorderThickness = new OxyThickness(0),
        };
        model.Axes.Add(MakeAxis(AxisPosition.Bottom, _options.Across, steps > 1 ? (1, steps) : (0, 2)));
        model.Axes.Add(MakeAxis(AxisPosition.Left, _options.Up, RangeOf(_drawn.SelectMany(curve => curve.Values))));
        foreach (DrawnCurve curve in _drawn)
        {
            model.Series.Add(MakeLine(curve));
            if (curve.LonePoints.Any())
            {
                model.Series.Add(MakePoints(curve));
            }
        }

        return model;
    }

    private static (double, double) RangeOf(IEnumerable<float> values)
    {
        (double least, double greatest) = (double.MaxValue, double.MinValue);
        foreach (float value in values.Where(float.IsFinite))
        {
            (least, greatest) = (Math.Min(least, value), Math.Max(greatest, value));
        }

        double margin = greatest > least ? (greatest - least) * 0.05 : Math.Max(Math.Abs(greatest) * 0.1, 0.1);
        return (least - margin, greatest + margin);
    }

    private LinearAxis MakeAxis(AxisPosition position, string title, (double Least, double Greatest) range) => new()
    {
        Position = position,
        Title = title,
        Minimum = range.Least,
        Maximum = range.Greatest,
        FontSize = _size,
        TitleFontSize = _size,
        TitleColor = s_ink,
        AxisTitleDistance = _size * 0.8,
        TextColor = s_quiet,
        AxislineStyle = position == AxisPosition.Bottom ? LineStyle.Solid : LineStyle.None,
        AxislineColor = s_quiet,
        AxislineThickness = 1,
        TickStyle = position == AxisPosition.Bottom ? TickStyle.Outside : TickStyle.None,
        TicklineColor = s_quiet,
        MinorTickSize = 0,
        MinimumMajorStep = position == AxisPosition.Bottom ? 1 : 0,
        IntervalLength = position == AxisPosition.Bottom ? _size * 6 : _size * 4,
        MajorGridlineStyle = position == AxisPosition.Left ? LineStyle.Solid : LineStyle.None,
        MajorGridlineColor = s_grid,
        MajorGridlineThickness = 1,
    };

    private static LineSeries MakeLine(DrawnCurve curve)
    {
        var series = new LineSeries
        {
            Color = curve.Style.Colour,
            StrokeThickness = curve.Style.Thickness,
            Dashes = curve.Style.Dashes,
            LineJoin = LineJoin.Round,
            EdgeRenderingMode = EdgeRenderingMode.PreferGeometricAccuracy,
        };
        series.Points.AddRange(curve.Points);
        return series;
    }

    private static ScatterSeries MakePoints(DrawnCurve curve)
    {
        var series = new ScatterSeries
        {
            MarkerType = MarkerType.Circle,
            MarkerSize = curve.Style.Thickness * 1.5,
            MarkerFill = curve.Style.Colour,
        };
        series.Points.AddRange(curve.LonePoints.Select(point => new ScatterPoint(point.X, point.Y)));
        return series;
    }

    private TextStyle NameStyle => PlotText.StyleOf(_size, FontWeights.Normal);

    // The names as they fit beside the curves.
    private Dictionary<string, string> ShortenNames()
    {
        string[] names = [.. _drawn.Select(curve => curve.Name).OfType<string>().Distinct()];
        return names.Zip(TextShortening.Shorten(NameStyle, [.. names.Select(name => (name, _options.Width * 0.3f))])).ToDictionary();
    }

    // Each name beside the end of its curve, moved up or down where they would touch.
    private void RenderNames(IRenderContext context, PlotModel model)
    {
        OxyRect area = model.PlotArea;
        Axis axis = model.Axes[1];
        List<(DrawnCurve Curve, double End)> named = [.. _drawn.Where(curve => curve.Name is not null)
            .Select(curve => (curve, curve.End is { } end ? axis.Transform(end) : area.Bottom)).OrderBy(item => item.Item2)];
        double[] places = Spread([.. named.Select(item => item.End)], area.Top, area.Bottom, _size * 1.3);
        for (int i = 0; i < named.Count; i++)
        {
            (DrawnCurve curve, double end) = named[i];
            (double x, double y) = (area.Right + 3, places[i]);
            if (curve.End is not null)
            {
                context.DrawLine(
                    [new ScreenPoint(x, end), new ScreenPoint(x + 9, y), new ScreenPoint(x + 20, y)],
                    curve.Style.Colour,
                    curve.Style.Thickness,
                    EdgeRenderingMode.PreferGeometricAccuracy,
                    curve.Style.Dashes,
                    LineJoin.Round);
            }

            context.DrawText(
                new ScreenPoint(area.Right + NameGap, y),
                _shown[curve.Name!],
                s_ink,
                PlotText.Family,
                _size,
                FontWeights.Normal,
                0,
                HorizontalAlignment.Left,
                VerticalAlignment.Middle);
        }
    }

    // Places that are at least so far from each other, within the area if they fit, and near where they are wanted.
    private static double[] Spread(double[] wanted, double top, double bottom, double distance)
    {
        double[] places = [.. wanted];
        distance = Math.Min(distance, places.Length > 1 ? (bottom - top) / (places.Length - 1) : distance);
        for (int round = 0; round < 200; round++)
        {
            for (int i = 1; i < places.Length; i++)
            {
                if (places[i] - places[i - 1] < distance)
                {
                    double middle = (places[i] + places[i - 1]) / 2;
                    (places[i - 1], places[i]) = (middle - distance / 2, middle + distance / 2);
                }
            }
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i] = Math.Max(places[i], i == 0 ? top : places[i - 1] + distance);
        }

        for (int i = places.Length - 1; i >= 0; i--)
        {
            places[i] = Math.Min(places[i], i == places.Length - 1 ? bottom : places[i + 1] - distance);
        }

        return places;
    }
}
