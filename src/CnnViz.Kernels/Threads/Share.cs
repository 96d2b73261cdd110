namespace CnnViz.Kernels;

/// <summary>One thread's part of work that is divided evenly.</summary>
/// <param name="Part">Its number, from 0 on.</param>
/// <param name="Parts">Number of parts.</param>
public readonly record struct Share(int Part, int Parts)
{
    /// <summary>The items that are this part's.</summary>
    /// <param name="items">Number of items.</param>
    /// <returns>The first, and the one behind the last.</returns>
    public (int First, int Last) Of(int items) => ((int)((long)items * Part / Parts), (int)((long)items * (Part + 1) / Parts));

    /// <summary>The rows of images that are this part's: of as few images as can be.</summary>
    /// <param name="images">Number of images.</param>
    /// <param name="rows">Number of rows of each.</param>
    public IEnumerable<RowBand> Bands(int images, int rows)
    {
        (int first, int last) = Of(checked(images * rows));
        while (first < last)
        {
            int image = first / rows;
            int end = Math.Min(last, (image + 1) * rows);
            yield return new RowBand(image, first - image * rows, end - image * rows);
            first = end;
        }
    }
}
