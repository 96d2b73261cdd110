namespace CnnViz.Ascent;

/// <summary>A tile along one axis: the pixels that it is for, and those that the network sees, which may lie beyond the picture.</summary>
/// <param name="Start">First pixel that it is for.</param>
/// <param name="Count">Number of pixels that it is for.</param>
/// <param name="SeenStart">First pixel that is seen; below zero in the mirrored part.</param>
/// <param name="SeenCount">Number of pixels that are seen.</param>
internal readonly record struct TileSpan(int Start, int Count, int SeenStart, int SeenCount)
{
    /// <summary>The pixels that are seen, those beyond the edges mirrored or from the other side.</summary>
    /// <param name="size">Pixels of the picture.</param>
    /// <param name="wraps">Whether they are from the other side.</param>
    public long[] Indices(int size, bool wraps = false)
    {
        if (wraps)
        {
            int start = SeenStart;
            return [.. Enumerable.Range(0, SeenCount).Select(i => (long)(((start + i) % size + size) % size))];
        }

        int first = SeenStart;
        int period = Math.Max(1, 2 * (size - 1));
        return [.. Enumerable.Range(0, SeenCount).Select(i =>
        {
            int place = ((first + i) % period + period) % period;
            return (long)Math.Min(place, period - place) % size;
        })];
    }
}
