using CnnViz.Pictures;

namespace CnnViz.Patterns.Drawing;

/// <summary>A sheet of samples to look at: a row a pattern, in the catalogue's order, and in it one of each hue.</summary>
internal static class ContactSheet
{
    private const int Gap = 4;

    /// <summary>Writes the sheet.</summary>
    /// <param name="path">Path of the picture file; its extension decides the format, PNG if it says nothing.</param>
    /// <param name="seed">Decides the samples.</param>
    /// <param name="size">Side of a sample in pixels.</param>
    public static void Write(string path, ulong seed, int size)
    {
        int rows = PatternCatalog.All.Count;
        int columns = Hue.All.Count;
        int width = columns * (size + Gap) + Gap;
        int height = rows * (size + Gap) + Gap;
        var painter = new PatternPainter(size);
        var picture = new float[painter.PictureLength];
        var sheet = new byte[3 * width * height];
        Array.Fill(sheet, (byte)64);
        for (int cell = 0; cell < rows * columns; cell++)
        {
            (int row, int column) = Math.DivRem(cell, columns);
            painter.Paint(new PatternLabel(row, column), new RandomSource(seed, (ulong)cell), picture);
            Place(picture, size, sheet, width, Gap + column * (size + Gap), Gap + row * (size + Gap));
        }

        byte[] file = ImageFile.ToFile(new PictureBytes(sheet, height, width, 3), PictureFormats.FromPath(path) ?? PictureFormat.Png, null);
        WholeFile.Write(path, stream => stream.Write(file));
    }

    private static void Place(float[] picture, int size, byte[] sheet, int width, int left, int top)
    {
        for (int y = 0; y < size; y++)
        {
            for (int x = 0; x < size; x++)
            {
                int target = 3 * ((top + y) * width + left + x);
                for (int channel = 0; channel < 3; channel++)
                {
                    sheet[target + channel] = (byte)MathF.Round(255 * picture[(channel * size + y) * size + x]);
                }
            }
        }
    }
}
