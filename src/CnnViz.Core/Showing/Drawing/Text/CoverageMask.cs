using System.Numerics;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>
/// How much of each pixel lies within outlines. Every line adds, to the pixels of its rows, the signed area that lies right of it; a running
/// sum along each row gives the coverage, exactly.
/// </summary>
/// <param name="top">The first row.</param>
/// <param name="left">The first column.</param>
/// <param name="height">Number of rows.</param>
/// <param name="width">Number of columns. Outlines must lie within.</param>
internal sealed class CoverageMask(int top, int left, int height, int width) : IMask
{
    private const int CurveSteps = 6;

    // One column more takes what lies at the right edge.
    private readonly float[] _areas = new float[height * (width + 2)];

    public int Top => top;

    public int Left => left;

    public int Height => height;

    public int Width => width;

    /// <summary>Adds a line or, with a control point, a quadratic Bézier curve.</summary>
    public void AddCurve(Vector2 from, Vector2? control, Vector2 to)
    {
        if (control is not { } middle)
        {
            AddLine(from, to);
            return;
        }

        Vector2 last = from;
        for (int i = 1; i <= CurveSteps; i++)
        {
            float t = (float)i / CurveSteps;
            Vector2 next = Vector2.Lerp(Vector2.Lerp(from, middle, t), Vector2.Lerp(middle, to, t), t);
            AddLine(last, next);
            last = next;
        }
    }

    /// <inheritdoc />
    public void CopyRow(int row, Span<float> coverage)
    {
        float sum = 0;
        ReadOnlySpan<float> areas = _areas.AsSpan(row * (width + 2), width);
        for (int column = 0; column < width; column++)
        {
            sum += areas[column];
            coverage[column] = Math.Min(Math.Abs(sum), 1);
        }
    }

    private void AddLine(Vector2 from, Vector2 to)
    {
        if (from.Y == to.Y)
        {
            return;
        }

        float direction = from.Y < to.Y ? 1 : -1;
        (Vector2 upper, Vector2 lower) = from.Y < to.Y ? (from, to) : (to, from);
        var origin = new Vector2(left, top);
        (upper, lower) = (upper - origin, lower - origin);
        float slope = (lower.X - upper.X) / (lower.Y - upper.Y);
        int first = Math.Max((int)MathF.Floor(upper.Y), 0);
        int last = Math.Min((int)MathF.Ceiling(lower.Y), height);
        for (int row = first; row < last; row++)
        {
            float begin = Math.Max(row, upper.Y);
            float end = Math.Min(row + 1, lower.Y);
            if (end > begin)
            {
                AddSpan(row, direction * (end - begin), upper.X + slope * (begin - upper.Y), upper.X + slope * (end - upper.Y));
            }
        }
    }

    // A piece of a line within one row: of each pixel that it crosses, the part right of it is covered.
    private void AddSpan(int row, float area, float x0, float x1)
    {
        float start = Math.Clamp(Math.Min(x0, x1), 0, width);
        float end = Math.Clamp(Math.Max(x0, x1), 0, width);
        Span<float> areas = _areas.AsSpan(row * (width + 2), width + 2);
        int column = (int)start;
        if (end - start < 1e-6f || end <= column + 1)
        {
            float share = column + 1 - (start + end) / 2;
            areas[column] += area * share;
            areas[column + 1] += area * (1 - share);
            return;
        }

        float each = area / (end - start);
        for (; column < end; column++)
        {
            float from = Math.Max(start, column);
            float to = Math.Min(end, column + 1);
            float piece = each * (to - from);
            float share = column + 1 - (from + to) / 2;
            areas[column] += piece * share;
            areas[column + 1] += piece * (1 - share);
        }
    }
}
