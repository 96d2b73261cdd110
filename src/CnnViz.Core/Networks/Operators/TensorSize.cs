namespace CnnViz.Networks.Operators;

/// <summary>A limit for tensors whose size a file decides: a damaged one must not take all the memory there is.</summary>
internal static class TensorSize
{
    // 512 MiB in single precision, for a constant or for one image; more than any layer of a network for images has.
    private const long Limit = 1L << 27;

    private const long MostImages = 1L << 12;

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
