namespace CnnViz.Networks.Operators;

/// <summary>A limit for tensors whose size a file decides: a damaged one must not take all the memory there is.</summary>
internal static class TensorSize
{
    // 512 MiB in single precision, for a constant or for one image; more than any layer of a network for images has.
    private const long Limit = 1L << 27;

    private const long MostImages = 1L << 12;

    /// <summary>The shape that two are broadcast to; null where they do not go together.</summary>
    public static long[]? Broadcast(long[]? a, long[]? b)
    {
        if (a is null || b is null)
        {
            return null;
        }

        int rank = Math.Max(a.Length, b.Length);
        IEnumerable<long> first = Enumerable.Repeat(1L, rank - a.Length).Concat(a);
        IEnumerable<long> second = Enumerable.Repeat(1L, rank - b.Length).Concat(b);
        (long A, long B)[] pairs = [.. first.Zip(second)];
        return Array.TrueForAll(pairs, pair => pair.A == pair.B || pair.A == 1 || pair.B == 1)
            ? [.. pairs.Select(pair => pair.A == 1 ? pair.B : pair.A)]
            : null;
    }

    /// <summary>The shape, if memory for it may be asked for. The first of four dimensions counts images.</summary>
    /// <exception cref="ArgumentException">A size is negative, or there are too many values.</exception>
    public static long[] Check(params long[] shape)
    {
        bool isImages = shape.Length == 4;
        bool isFine = !isImages || shape[0] is >= 0 and <= MostImages;
        long count = 1;
        foreach (long size in isImages ? shape[1..] : shape)
        {
            // Both factors are small, so the product cannot overflow.
            isFine &= size is >= 0 and <= Limit;
            count = isFine ? count * size : 0;
            isFine &= count <= Limit;
        }

        return isFine ? shape : throw new ArgumentException($"the size {string.Join('×', shape)} is negative or absurd");
    }
}
