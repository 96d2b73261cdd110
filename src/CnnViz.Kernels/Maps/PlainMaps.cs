namespace CnnViz.Kernels;

/// <summary>
/// The maps of a batch as most of the world keeps them: N×C×H×W values in row-major order, without gaps, in memory that does not move while a
/// plan works on it: native, pinned or fixed. It stays the caller's.
/// </summary>
/// <param name="values">The first value.</param>
/// <param name="count">Number of values.</param>
public readonly unsafe struct PlainMaps(float* values, long count)
{
    /// <summary>The first value.</summary>
    public float* Values => values;

    /// <summary>Number of values.</summary>
    public long Count => count;

    /// <exception cref="ArgumentException">There are not as many values as so many maps have.</exception>
    internal void Check(int images, MapShape shape, string name)
    {
        if (values is null || count != images * shape.Size)
        {
            throw new ArgumentException($"{images} maps of {shape} have {images * shape.Size} values, not {count}.", name);
        }
    }
}
