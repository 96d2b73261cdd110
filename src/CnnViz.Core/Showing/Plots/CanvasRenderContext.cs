using System.Numerics;
using CnnViz.Pictures;
using CnnViz.Showing.Drawing;
using CnnViz.Showing.Drawing.Text;
using OxyPlot;

namespace CnnViz.Showing.Plots;

/// <summary>Draws plots as pixels: lines and areas first, text above them.</summary>
internal sealed class CanvasRenderContext : RenderContextBase
{
    private readonly List<Action<Canvas>> _shapes = [];
    private readonly List<Action<Canvas>> _texts = [];
    private int _clips;

    /// <inheritdoc />
    public override int ClipCount => _clips;

    /// <summary>The plot.</summary>
    public PictureBytes ToPicture(int height, int width)
    {
        var canvas = new Canvas(height, width, RgbColour.White);
        foreach (Action<Canvas> draw in _shapes.Concat(_texts))
        {
            draw(canvas);
        }

        return canvas.ToPicture();
    }

    /// <inheritdoc />
    public override void DrawLine(
        IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode, double[]? dashArray, LineJoin lineJoin)
    {
        if (points.Count < 2 || !stroke.IsVisible() || thickness <= 0)
        {
            return;
        }

        AddStroke(ToPoints(points, edgeRenderingMode, thickness), stroke, thickness, dashArray);
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

        Vector2[] corners = ToPoints(points, edgeRenderingMode, thickness);
        if (fill.IsVisible())
        {
            _shapes.Add(canvas =>
            {
                var mask = new CoverageMask(0, 0, canvas.Height, canvas.Width);
                for (int i = 0; i < corners.Length; i++)
                {
                    mask.AddCurve(corners[i], null, corners[(i + 1) % corners.Length]);
                }

                canvas.Cover(mask, ToColour(fill), fill.A / 255f);
            });
        }

        if (stroke.IsVisible() && thickness > 0)
        {
            AddStroke([.. corners, corners[0]], stroke, thickness, dashArray);
        }
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
        RgbColour colour = ToColour(fill);
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

    private static RgbColour ToColour(OxyColor colour) => new(colour.R, colour.G, colour.B);

    // A line of a pixel's width along an axis is to fill one row of pixels, not half of two.
    private static Vector2[] ToPoints(IList<ScreenPoint> points, EdgeRenderingMode mode, double thickness)
    {
        bool isSharp = mode is EdgeRenderingMode.PreferSharpness or EdgeRenderingMode.Automatic
            && points.All(point => point.X == points[0].X || point.Y == points[0].Y) && points.Count == 2;
        double offset = isSharp && Math.Round(thickness) % 2 == 1 ? 0.5 : 0;
        double Align(double value) => isSharp ? Math.Round(value - offset) + offset : value;
        return [.. points.Select(point => new Vector2((float)Align(point.X), (float)Align(point.Y)))];
    }

    private void AddStroke(Vector2[] line, OxyColor stroke, double thickness, double[]? dashes)
    {
        IReadOnlyList<IReadOnlyList<Vector2>> pieces = dashes is { Length: > 0 } ? Divide(line, [.. dashes.Select(dash => dash * thickness)]) : [line];
        _shapes.Add(canvas => canvas.Cover(new StrokeMask(pieces, (float)thickness, canvas.Height, canvas.Width), ToColour(stroke), stroke.A / 255f));
    }

    // The parts of a line that dashes leave; lengths of dashes and gaps in turns, in pixels.
    private static List<IReadOnlyList<Vector2>> Divide(Vector2[] line, double[] dashes)
    {
        var pieces = new List<IReadOnlyList<Vector2>>();
        List<Vector2>? piece = [line[0]];
        (int dash, double left) = (0, dashes[0]);
        for (int i = 1; i < line.Length; i++)
        {
            (Vector2 from, Vector2 to) = (line[i - 1], line[i]);
            double length = Vector2.Distance(from, to);
            double at = 0;
            while (length - at > left)
            {
                at += left;
                Vector2 end = Vector2.Lerp(from, to, (float)(at / length));
                piece?.Add(end);
                if (piece is not null)
                {
                    pieces.Add(piece);
                }

                piece = piece is null ? [end] : null;
                left = dashes[++dash % dashes.Length];
            }

            left -= length - at;
            piece?.Add(to);
        }

        if (piece is { Count: > 1 })
        {
            pieces.Add(piece);
        }

        return pieces;
    }
}
