namespace CnnViz.Pictures.Codecs;

/// <summary>Turns pictures as cameras say that they are to be turned (EXIF 2.3, tag Orientation).</summary>
internal static class Orientation
{
    /// <summary>The upright picture.</summary>
    /// <param name="rgba">Height × width × 4.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="orientation">1…8, of which 1 is upright.</param>
    /// <returns>The same pixels in their new places, and height and width.</returns>
    public static (byte[] Rgba, int Height, int Width) Upright(byte[] rgba, int height, int width, int orientation)
    {
        if (orientation == 1)
        {
            return (rgba, height, width);
        }

        (int newHeight, int newWidth) = orientation >= 5 ? (width, height) : (height, width);
        var turned = new byte[rgba.Length];
        for (int row = 0; row < newHeight; row++)
        {
            for (int column = 0; column < newWidth; column++)
            {
                (int fromRow, int fromColumn) = orientation switch
                {
                    2 => (row, width - 1 - column),
                    3 => (height - 1 - row, width - 1 - column),
                    4 => (height - 1 - row, column),
                    5 => (column, row),
                    6 => (height - 1 - column, row),
                    7 => (height - 1 - column, width - 1 - row),
                    _ => (column, width - 1 - row),
                };
                rgba.AsSpan(4 * (fromRow * width + fromColumn), 4).CopyTo(turned.AsSpan(4 * (row * newWidth + column)));
            }
        }

        return (turned, newHeight, newWidth);
    }
}
