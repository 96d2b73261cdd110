using System.Numerics;
using CnnViz.Showing.Drawing;
using CnnViz.Showing.Drawing.Text;
using ImageMagick;
using ImageMagick.Drawing;
using OxyPlot;
using ColorSpace = ImageMagick.ColorSpace;
using LineJoin = OxyPlot.LineJoin;

namespace CnnViz.Showing.Plots;

/// <summary>Draws plots as pixels: lines and areas first, text above them.</summary>
internal sealed class CanvasRenderContext : RenderContextBase
{
    private readonly Drawables _drawables = new();
    private readonly List<Action<Canvas>> _texts = [];
    private int _clips;

    /// <inheritdoc />
    public override int ClipCount => _clips;

    /// <summary>The plot; the caller's.</summary>
    public MagickImage ToImage(int height, int width)
    {
        using var image = new MagickImage(MagickColors.White, (uint)width, (uint)height);
        image.ColorSpace = ColorSpace.sRGB;
        if (_drawables.Any())
        {
            image.Draw(_drawables);
        }

        using IPixelCollection<byte> pixels = image.GetPixels();
        var canvas = new Canvas(height, width, pixels.ToByteArray("RGB")!);
        foreach (Action<Canvas> write in _texts)
        {
            write(canvas);
        }

        return canvas.ToImage();
    }

    /// <inheritdoc />
    public override void DrawLine(
        IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode, double[]? dashArray, LineJoin lineJoin)
    {
        if (points.Count < 2 || !stroke.IsVisible() || thickness <= 0)
        {
            return;
        }

        SetStroke(stroke, thickness, dashArray, lineJoin);
        PointD[] line = ToPoints(points, edgeRenderingMode, thickness);
        _drawables.FillColor(MagickColors.Transparent);
        if (line.Length == 2)
        {
            _drawables.Line(line[0].X, line[0].Y, line[1].X, line[1].Y);
        }
        else
        {
            _drawables.Polyline(line);
        }

        _drawables.PopGraphicContext();
    }

    /// <inheritdoc />
    public override void DrawPolygon(
        IList<ScreenPoint> points,
        OxyColor fill,
        OxyColor stroke,
        double thickness,
        EdgeRenderingMode edgeRenderingMode,
        double[]? dashArray,
        LineJoin lineJoin)
    {
        if (points.Count < 3)
        {
            return;
        }

        SetStroke(stroke, thickness, dashArray, lineJoin);
        _drawables.FillColor(fill.IsVisible() ? ToColour(fill) : MagickColors.Transparent)
            .Polygon(ToPoints(points, edgeRenderingMode, thickness)).PopGraphicContext();
    }

    /// <inheritdoc />
    public override void DrawText(
        ScreenPoint p,
        string text,
        OxyColor fill,
        string fontFamily,
        double fontSize,
        double fontWeight,
        double rotation,
        HorizontalAlignment horizontalAlignment,
        VerticalAlignment verticalAlignment,
        OxySize? maxSize)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        TextStyle style = PlotText.StyleOf(fontSize, fontWeight);
        float x = -style.WidthOf(text) * Share(horizontalAlignment == HorizontalAlignment.Left, horizontalAlignment == HorizontalAlignment.Right);
        float y = style.Ascent - style.LineHeight * Share(verticalAlignment == VerticalAlignment.Top, verticalAlignment == VerticalAlignment.Bottom);
        Matrix3x2 placement = Matrix3x2.CreateTranslation(x, y) * Matrix3x2.CreateRotation((float)(rotation * Math.PI / 180))
            * Matrix3x2.CreateTranslation((float)p.X, (float)p.Y);
        var colour = new RgbColour(fill.R, fill.G, fill.B);
        _texts.Add(canvas => canvas.Write(text, style, placement, colour));
    }

    /// <inheritdoc />
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) =>
        PlotText.Measure(text, fontSize, fontWeight);

    /// <inheritdoc />
    public override void PushClip(OxyRect clippingRectangle)
    {
        // Axes reach over all that is drawn, so there is nothing to clip.
        _clips++;
    }

    /// <inheritdoc />
    public override void PopClip() => _clips--;

    private static float Share(bool begin, bool end) => begin ? 0 : end ? 1 : 0.5f;

    private static MagickColor ToColour(OxyColor colour) => new(colour.R, colour.G, colour.B, colour.A);

    // A line of a pixel's width along an axis is to fill one row of pixels, not half of two.
    private static PointD[] ToPoints(IList<ScreenPoint> points, EdgeRenderingMode mode, double thickness)
    {
        bool isSharp = mode is EdgeRenderingMode.PreferSharpness or EdgeRenderingMode.Automatic
            && points.All(point => point.X == points[0].X || point.Y == points[0].Y) && points.Count == 2;
        double offset = isSharp && Math.Round(thickness) % 2 == 1 ? 0.5 : 0;
        double Align(double value) => isSharp ? Math.Round(value - offset) + offset : value;
        return [.. points.Select(point => new PointD(Align(point.X) - 0.5, Align(point.Y) - 0.5))];
    }

    // The caller restores what was set before.
    private void SetStroke(OxyColor stroke, double thickness, double[]? dashes, LineJoin join)
    {
        bool isVisible = stroke.IsVisible() && thickness > 0;
        _drawables.PushGraphicContext();
        _drawables.StrokeColor(isVisible ? ToColour(stroke) : MagickColors.Transparent).StrokeWidth(isVisible ? thickness : 0);
        _drawables.StrokeLineJoin(join == LineJoin.Round ? ImageMagick.LineJoin.Round : ImageMagick.LineJoin.Miter);
        if (dashes is { Length: > 0 })
        {
            _drawables.StrokeDashArray([.. dashes.Select(dash => dash * thickness)]);
        }
    }
}
