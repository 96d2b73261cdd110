using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>Where the positions of a map lie in the image that the network sees: the centre of what each position sees, in pixels.</summary>
/// <param name="Top">Row of the first position's centre; pixels are counted by their own centres, from 0.</param>
/// <param name="Left">Column of the first position's centre.</param>
/// <param name="StrideHeight">Rows from one position to the next.</param>
/// <param name="StrideWidth">Columns from one position to the next.</param>
internal readonly record struct MapGrid(double Top, double Left, double StrideHeight, double StrideWidth)
{
    /// <summary>
    /// The grid of a layer's maps, by its receptive field. Where nothing tells the places, as behind a dense layer or in a module of the session, the
    /// positions share the image evenly.
    /// </summary>
    public static MapGrid Of(CnnLayer layer)
    {
        ReceptiveField field = layer.Places;
        if (!field.IsWholeImage)
        {
            return new MapGrid(field.Top + (field.Height - 1) / 2, field.Left + (field.Width - 1) / 2, field.StrideHeight, field.StrideWidth);
        }

        LayerShape image = layer.Model.InputShape;
        (double rows, double columns) = ((double)image.Height / layer.OutputShape.Height, (double)image.Width / layer.OutputShape.Width);
        return new MapGrid((rows - 1) / 2, (columns - 1) / 2, rows, columns);
    }

    /// <summary>The value at each pixel of an image: straight lines between the positions' centres, and beyond the last the last.</summary>
    /// <param name="values">The values at the positions, rows × columns.</param>
    /// <param name="columns">Columns of the map.</param>
    /// <param name="height">Rows of the image that the network sees.</param>
    /// <param name="width">Columns of that image.</param>
    /// <param name="scale">How many times larger the result is than that image.</param>
    /// <returns>scale · height × scale · width, row by row.</returns>
    public float[] Spread(ReadOnlySpan<float> values, int columns, int height, int width, int scale)
    {
        (int Low, int High, float Share)[] ofRows = Between(Top, StrideHeight, values.Length / columns, height, scale);
        (int Low, int High, float Share)[] ofColumns = Between(Left, StrideWidth, columns, width, scale);
        var spread = new float[ofRows.Length * ofColumns.Length];
        int at = 0;
        foreach ((int low, int high, float share) in ofRows)
        {
            ReadOnlySpan<float> upper = values.Slice(low * columns, columns);
            ReadOnlySpan<float> lower = values.Slice(high * columns, columns);
            foreach ((int first, int second, float across) in ofColumns)
            {
                float top = upper[first] + (upper[second] - upper[first]) * across;
                float bottom = lower[first] + (lower[second] - lower[first]) * across;
                spread[at++] = top + (bottom - top) * share;
            }
        }

        return spread;
    }

    // For each pixel, the positions before and behind it, and how far it is towards the latter.
    private static (int Low, int High, float Share)[] Between(double first, double stride, int count, int length, int scale) =>
        [.. Enumerable.Range(0, length * scale).Select(pixel =>
        {
            double at = Math.Clamp(((pixel + 0.5) / scale - 0.5 - first) / stride, 0, count - 1);
            int low = (int)at;
            return (low, Math.Min(low + 1, count - 1), (float)(at - low));
        })];
}
