namespace CnnViz.Models.Operators;

/// <summary>A limit for tensors whose size a file or a ratio decides.</summary>
internal static class TensorSize
{
    /// <summary>Number of values that no tensor of an image network exceeds: 4 GiB in single precision.</summary>
    public const long Limit = 1L << 30;

    /// <summary>The shape, if memory for it may be asked for: a damaged file must not take all there is.</summary>
    /// <exception cref="ArgumentException">A size is negative, or the number of values beyond the limit.</exception>
    public static long[] Check(params long[] shape)
    {
        // Both factors are at most 2^30, so the product cannot overflow.
        long count = 1;
        foreach (long size in shape)
        {
            count = size is >= 0 and <= Limit ? count * size : Limit + 1;
            if (count > Limit)
            {
                throw new ArgumentException($"the size {string.Join('×', shape)} is negative or absurd");
            }
        }

        return shape;
    }
}
