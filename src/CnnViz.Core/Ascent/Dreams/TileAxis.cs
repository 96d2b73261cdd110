namespace CnnViz.Ascent;

/// <summary>How one axis of pictures is cut into tiles.</summary>
/// <param name="Length">Pixels that are seen of the largest tile.</param>
/// <param name="Margin">Pixels beyond a cut that are seen on both sides of it.</param>
/// <param name="Stride">Pixels between two positions of the layer; all tiles of one cut begin on one grid of that width.</param>
/// <param name="Jitter">How far the grid moves at most; by so many pixels more of the picture are seen, mirrored at its edges.</param>
/// <param name="Least">Fewest pixels that the network takes.</param>
internal sealed record TileAxis(int Length, int Margin, int Stride, int Jitter, int Least)
{
    // The network takes one size only.
    private bool IsFixed => Least == Length;

    // What is left of an inner tile between margins, with the loss to the grid.
    private int Core => Length - Margin - (Stride - 1) - Math.Max(Margin, Jitter);

    /// <summary>An axis on which margins, jitter and grid leave at least a third of a tile for its own pixels.</summary>
    /// <param name="length">Pixels that are seen of the largest tile.</param>
    /// <param name="field">Pixels that a position of the layer sees; may be infinite.</param>
    /// <param name="stride">Pixels between two positions of the layer; 0 where there is one position only.</param>
    /// <param name="jitter">How far the grid is to move.</param>
    /// <param name="least">Fewest pixels that the network takes.</param>
    public static TileAxis For(int length, double field, double stride, int jitter, int least)
    {
        int grid = (int)Math.Clamp(Math.Ceiling(stride), 1, Math.Max(1, length / 4));
        int margin = (int)Math.Min(field / 2, length / 8.0) / grid * grid;
        return new TileAxis(length, margin, grid, Math.Min(jitter, length / 4), least);
    }

    /// <summary>Whether a picture is one tile.</summary>
    public bool IsOneTile(int size) => size + (IsFixed ? 0 : Jitter) <= Length;

    /// <summary>Cuts.</summary>
    /// <param name="size">Pixels of the picture.</param>
    /// <param name="jitter">Where the grid begins, 0…1.</param>
    /// <param name="shift">Where the first cut is, 0…1.</param>
    /// <returns>Tiles that are for each pixel once, in order.</returns>
    public IReadOnlyList<TileSpan> Cut(int size, double jitter, double shift)
    {
        int room = IsOneTile(size) ? Math.Min(Jitter, Length - size) : Jitter;
        int first = -Math.Min(room, (int)(jitter * (room + 1)));
        var spans = new List<TileSpan>();
        int end = IsOneTile(size) ? size : 1 + (int)(shift * (Core - 1));
        for (int start = 0; start < size; (start, end) = (end, end + Core))
        {
            spans.Add(See(start, Math.Min(end, size), size, first, first + size + room));
        }

        return spans;
    }

    private TileSpan See(int start, int end, int size, int first, int last)
    {
        int from = start == 0 ? first : Math.Max(first, OnGrid(start - Margin, first));
        int to = end == size ? last : Math.Min(last, end + Margin);
        int missing = Least - (to - from);
        if (missing > 0)
        {
            from -= Math.Min(missing, from - first) / Stride * Stride;
            to = from + Least;
        }

        return new TileSpan(start, end - start, from, to - from);
    }

    private int OnGrid(int place, int first) => first + (int)Math.Floor((double)(place - first) / Stride) * Stride;
}
