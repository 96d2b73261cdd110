namespace CnnViz.Pictures.Codecs;

/// <summary>What the four samples of a pixel mean that a decoder gives out.</summary>
internal enum StoredPixels
{
    /// <summary>Red, green, blue and transparency.</summary>
    Rgba,

    /// <summary>The same, with black for white.</summary>
    Inverted,

    /// <summary>Of two pixels side by side, the first is the grey value and the second the transparency.</summary>
    GreyBesideAlpha,

    /// <summary>Cyan, magenta, yellow and black ink.</summary>
    Cmyk,
}

/// <summary>Makes red, green, blue and transparency of them.</summary>
internal static class StoredPixelsConversion
{
    /// <summary>Converts a picture, in place where it keeps its size.</summary>
    /// <param name="pixels">What the samples mean.</param>
    /// <param name="samples">Height × width × 4.</param>
    /// <returns>The samples; half as many for grey beside transparency.</returns>
    public static byte[] ToRgba(this StoredPixels pixels, byte[] samples)
    {
        if (pixels == StoredPixels.Rgba)
        {
            return samples;
        }

        int step = pixels == StoredPixels.GreyBesideAlpha ? 8 : 4;
        byte[] result = step == 8 ? new byte[samples.Length / 2] : samples;
        for (int from = 0, to = 0; from < samples.Length; from += step, to += 4)
        {
            ReadOnlySpan<byte> pixel = samples.AsSpan(from, step);
            (byte first, byte second, byte third, byte fourth) = (pixel[0], pixel[1], pixel[2], pixel[3]);
            (result[to], result[to + 1], result[to + 2], result[to + 3]) = pixels switch
            {
                StoredPixels.GreyBesideAlpha => (first, first, first, pixel[4]),
                StoredPixels.Cmyk => (Unprinted(first, fourth), Unprinted(second, fourth), Unprinted(third, fourth), byte.MaxValue),
                _ => ((byte)~first, (byte)~second, (byte)~third, fourth),
            };
        }

        return result;
    }

    // The light that an ink and black leave.
    private static byte Unprinted(int ink, int black) => (byte)(((255 - ink) * (255 - black) + 127) / 255);
}
