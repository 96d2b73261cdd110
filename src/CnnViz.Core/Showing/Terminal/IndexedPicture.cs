using CnnViz.Pictures;

namespace CnnViz.Showing.Terminal;

/// <summary>A picture in a few colours.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Palette">The colours, 0xRRGGBB each; at most 256.</param>
/// <param name="Pixels">Height × width: the number of each pixel's colour, row by row.</param>
internal sealed record IndexedPicture(int Width, int Height, int[] Palette, byte[] Pixels)
{
    /// <summary>The most colours that a picture can have.</summary>
    public const int MaxColours = 256;

    /// <summary>
    /// Makes a picture of the colours that do it best. What a pixel loses goes to its neighbours (Floyd and Steinberg); a picture that has no more
    /// colours than that stays as it is.
    /// </summary>
    /// <param name="picture">The picture.</param>
    /// <param name="colours">The most colours, 2…256.</param>
    public static IndexedPicture Of(RgbPicture picture, int colours = MaxColours)
    {
        var known = new Dictionary<int, byte>();
        byte[]? pixels = Number(picture, known, colours);
        if (pixels is null)
        {
            known.Clear();
            pixels = Number(Quantize(picture, colours), known, MaxColours)!;
        }

        var palette = new int[known.Count];
        foreach ((int colour, byte number) in known)
        {
            palette[number] = colour;
        }

        return new IndexedPicture(picture.Width, picture.Height, palette, pixels);
    }

    // Null where there are more colours than that.
    private static byte[]? Number(RgbPicture picture, Dictionary<int, byte> known, int colours)
    {
        var pixels = new byte[picture.Width * picture.Height];
        for (int i = 0; i < pixels.Length; i++)
        {
            int colour = picture[i % picture.Width, i / picture.Width];
            if (!known.TryGetValue(colour, out byte number))
            {
                if (known.Count == colours)
                {
                    return null;
                }

                known[colour] = number = (byte)known.Count;
            }

            pixels[i] = number;
        }

        return pixels;
    }

    private static RgbPicture Quantize(RgbPicture picture, int colours) =>
        picture with { Pixels = new PictureBytes(picture.Pixels, picture.Height, picture.Width, 3).InFewColours(colours).Samples };
}
