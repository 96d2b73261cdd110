namespace CnnViz.Ascent;

/// <summary>How one axis of pictures is cut into tiles.</summary>
/// <param name="Length">Pixels that are seen of the largest tile.</param>
/// <param name="Margin">Pixels beyond a cut that are seen on both sides of it; a multiple of the stride.</param>
/// <param name="Stride">Pixels between two positions of the layer; all tiles of one cut begin on one grid of that width.</param>
/// <param name="Jitter">How far the grid moves at most; by so many pixels more of the picture are seen, mirrored at its edges.</param>
/// <param name="Least">Fewest pixels that the network takes.</param>
internal sealed record TileAxis(int Length, int Margin, int Stride, int Jitter, int Least)
{
    // Tiles at the edges have few sizes, not any: libtorch prepares itself for each that is new, and memory is used again as it is.
    private const int Sizes = 8;

    // A margin of 32 of 512 pixels leaves the gradient of GoogLeNet's inception_4c, whose field is 299 pixels, wrong by a quarter close to a
    // cut, and by nothing from 64 pixels on. What is left shows no step, and lies elsewhere the next time.
    private const int MarginShare = 16;

    // The network takes one size only.
    private bool IsFixed => Least == Length;

    // What is left of an inner tile between its margins.
    private int Core => (Length - 2 * Margin) / Stride * Stride;

    /// <summary>An axis on which margins leave most of a tile for its own pixels.</summary>
    /// <param name="length">Pixels that are seen of the largest tile.</param>
    /// <param name="field">Pixels that a position of the layer sees; may be infinite.</param>
    /// <param name="stride">Pixels between two positions of the layer; 0 where there is one position only.</param>
    /// <param name="jitter">How far the grid is to move.</param>
    /// <param name="least">Fewest pixels that the network takes.</param>
    public static TileAxis For(int length, double field, double stride, int jitter, int least)
    {
        int grid = (int)Math.Clamp(Math.Ceiling(stride), 1, Math.Max(1, length / 4));
        double margin = Math.Min(Math.Ceiling(field / 2 / grid), Math.Floor((double)length / MarginShare / grid)) * grid;
        return new TileAxis(length, (int)margin, grid, Math.Min(jitter, length / 4), least);
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
        int last = first + size + room;
        if (IsOneTile(size))
        {
            return [See(first, last, size, first, last, 1)];
        }

        var spans = new List<TileSpan>();
        int end = first + Stride + (int)(shift * (Core / Stride - 1)) * Stride;
        for (int start = first; start < size; (start, end) = (end, end + Core))
        {
            if (end > 0)
            {
                spans.Add(See(start, Math.Min(end, last), size, first, last, Math.Max(1, Length / Sizes)));
            }
        }

        return spans;
    }

    // A tile from a start to an end, of a picture that is mirrored from its edges to a first and a last pixel.
    private TileSpan See(int start, int end, int size, int first, int last, int step)
    {
        int from = Math.Max(first, start - Margin);
        int to = Math.Min(last, end + Margin);
        int count = Math.Min(Length, Math.Max(Least, (to - from + step - 1) / step * step));

        // What is missing is real as long as there is something, first behind the tile, then before it.
        to = Math.Min(last, from + count);
        from -= Math.Min(count - (to - from), from - first) / Stride * Stride;
        (int own, int ownEnd) = (Math.Max(0, start), Math.Min(size, end));
        return new TileSpan(own, ownEnd - own, from, count);
    }
}
