using System.Numerics;

namespace CnnViz.Showing.Drawing;

/// <summary>
/// A line of some thickness: round where it bends, straight where it ends. A pixel is covered as far as its distance from the line says, so that
/// a line that touches itself is not darker there.
/// </summary>
internal sealed class StrokeMask : IMask
{
    private readonly float _half;
    private readonly float[] _coverage;

    /// <param name="pieces">Points of lines that hang together, in pixels.</param>
    /// <param name="thickness">Thickness in pixels.</param>
    /// <param name="height">Height of the picture; nothing beyond is kept.</param>
    /// <param name="width">Width of the picture.</param>
    public StrokeMask(IReadOnlyList<IReadOnlyList<Vector2>> pieces, float thickness, int height, int width)
    {
        _half = thickness / 2;
        IEnumerable<Vector2> points = pieces.SelectMany(piece => piece);
        float margin = _half + 1;
        Top = Math.Clamp((int)(points.Min(point => point.Y) - margin), 0, height);
        Left = Math.Clamp((int)(points.Min(point => point.X) - margin), 0, width);
        Height = Math.Clamp((int)(points.Max(point => point.Y) + margin) + 1, Top, height) - Top;
        Width = Math.Clamp((int)(points.Max(point => point.X) + margin) + 1, Left, width) - Left;
        _coverage = new float[Height * Width];
        foreach (IReadOnlyList<Vector2> piece in pieces)
        {
            for (int i = 1; i < piece.Count; i++)
            {
                Add(piece[i - 1], piece[i], i == 1, i == piece.Count - 1);
            }
        }
    }

    public int Top { get; }

    public int Left { get; }

    public int Height { get; }

    public int Width { get; }

    public void CopyRow(int row, Span<float> coverage) => _coverage.AsSpan(row * Width, Width).CopyTo(coverage);

    private void Add(Vector2 from, Vector2 to, bool begins, bool ends)
    {
        float length = Vector2.Distance(from, to);
        if (length == 0)
        {
            return;
        }

        Vector2 direction = (to - from) / length;
        float reach = _half + 0.5f;
        int bottom = Math.Min(Top + Height - 1, (int)MathF.Ceiling(Math.Max(from.Y, to.Y) + reach));
        for (int row = Math.Max(Top, (int)(Math.Min(from.Y, to.Y) - reach)); row <= bottom; row++)
        {
            (int first, int last) = Columns(from, to, direction, row + 0.5f, reach);
            for (int column = first; column <= last; column++)
            {
                Vector2 offset = new Vector2(column + 0.5f, row + 0.5f) - from;
                float along = Vector2.Dot(offset, direction);
                float distance = Vector2.Distance(offset, Math.Clamp(along, 0, length) * direction);
                float covered = Math.Clamp(reach - distance, 0, Math.Min(1, 2 * _half));
                covered *= begins ? Math.Clamp(along + 0.5f, 0, 1) : 1;
                covered *= ends ? Math.Clamp(length - along + 0.5f, 0, 1) : 1;
                ref float pixel = ref _coverage[(row - Top) * Width + column - Left];
                pixel = Math.Max(pixel, covered);
            }
        }
    }

    // The columns that a row of a long slanted line can reach.
    private (int First, int Last) Columns(Vector2 from, Vector2 to, Vector2 direction, float y, float reach)
    {
        (float left, float right) = (Math.Min(from.X, to.X), Math.Max(from.X, to.X));
        if (MathF.Abs(direction.Y) > 0.01f)
        {
            float x = from.X + (y - from.Y) * direction.X / direction.Y;
            float spread = reach / MathF.Abs(direction.Y) + 1;
            (left, right) = (Math.Max(left, x - spread), Math.Min(right, x + spread));
        }

        return (Math.Max(Left, (int)(left - reach)), Math.Min(Left + Width - 1, (int)MathF.Ceiling(right + reach)));
    }
}
