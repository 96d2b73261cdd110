using CnnViz.Pictures.Codecs;

namespace CnnViz.Pictures;

/// <summary>Pictures in a few colours.</summary>
internal static class FewColours
{
    /// <summary>
    /// A picture of no more colours than that. What a pixel loses goes to its neighbours (Floyd and Steinberg, "An adaptive algorithm for spatial
    /// greyscale", 1976).
    /// </summary>
    /// <param name="picture">The picture, RGB.</param>
    /// <param name="colours">The most colours, 2…256.</param>
    public static PictureBytes InFewColours(this PictureBytes picture, int colours)
    {
        ColourTable table = ColourTable.Of([picture], colours);
        var samples = new byte[picture.Samples.Length];

        // What this row and the next one are to get, a pixel more at each end.
        int length = 3 * (picture.Width + 2);
        (float[] now, float[] next) = (new float[length], new float[length]);
        for (int row = 0; row < picture.Height; row++)
        {
            for (int column = 0; column < picture.Width; column++)
            {
                int at = 3 * (row * picture.Width + column);
                int owed = 3 * (column + 1);
                int Wanted(int channel) => Math.Clamp((int)MathF.Round(picture.Samples[at + channel] + now[owed + channel]), 0, 255);
                int colour = table.Colours[table.Nearest(Wanted(0), Wanted(1), Wanted(2))];
                for (int channel = 0; channel < 3; channel++)
                {
                    byte value = (byte)(colour >> (16 - 8 * channel));
                    float lost = Wanted(channel) - value;
                    samples[at + channel] = value;
                    now[owed + channel + 3] += lost * 7 / 16;
                    next[owed + channel - 3] += lost * 3 / 16;
                    next[owed + channel] += lost * 5 / 16;
                    next[owed + channel + 3] += lost / 16;
                }
            }

            (now, next) = (next, now);
            Array.Clear(next);
        }

        return picture with { Samples = samples };
    }
}
