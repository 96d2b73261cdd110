namespace CnnViz.Pictures.Codecs;

/// <summary>
/// Brightness and colours of a JPEG file (Y, Cb, Cr) to red, green and blue, as libjpeg does both parts of it, and with it what networks were
/// trained on: colours of half the resolution are enlarged linearly ("fancy upsampling": a value is three parts of the nearest one and one of
/// the next), and the sum is in whole numbers (JFIF 1.02).
/// </summary>
/// <param name="Brightness">Sampling factors of Y: columns times 16, and rows.</param>
/// <param name="Blue">Those of Cb.</param>
/// <param name="Red">Those of Cr.</param>
internal sealed record JpegColours(byte Brightness, byte Blue, byte Red)
{
    // Bits behind the point.
    private const int Bits = 16;
    private const int Half = 1 << (Bits - 1);
    private const int RedOfRed = (int)(1.40200 * (1 << Bits) + 0.5);
    private const int GreenOfBlue = (int)(0.34414 * (1 << Bits) + 0.5);
    private const int GreenOfRed = (int)(0.71414 * (1 << Bits) + 0.5);
    private const int BlueOfBlue = (int)(1.77200 * (1 << Bits) + 0.5);

    /// <summary>Converts a picture in place.</summary>
    /// <param name="samples">Height × width × 4: Y, Cb, Cr, where colours stand as often as their resolution asks for, and what stays.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    public void ToRgb(byte[] samples, int height, int width)
    {
        byte[]? blue = Enlarge(samples, 1, Blue, height, width);
        byte[]? red = Enlarge(samples, 2, Red, height, width);
        for (int i = 0; i < height * width; i++)
        {
            Span<byte> pixel = samples.AsSpan(4 * i, 3);
            int y = pixel[0];
            int cb = (blue is null ? pixel[1] : blue[i]) - 128;
            int cr = (red is null ? pixel[2] : red[i]) - 128;
            pixel[0] = ToByte(y + ((RedOfRed * cr + Half) >> Bits));
            pixel[1] = ToByte(y + ((-GreenOfBlue * cb - GreenOfRed * cr + Half) >> Bits));
            pixel[2] = ToByte(y + ((BlueOfBlue * cb + Half) >> Bits));
        }
    }

    private static byte ToByte(int value) => (byte)Math.Clamp(value, 0, 255);

    // Null where the colour has another resolution than half: such are repeated, as they are already.
    private byte[]? Enlarge(byte[] samples, int channel, byte factors, int height, int width)
    {
        bool isWide = Brightness >> 4 == 2 * (factors >> 4);
        bool isHigh = (Brightness & 15) == 2 * (factors & 15);
        bool isSameWidth = Brightness >> 4 == factors >> 4;
        bool isSameHeight = (Brightness & 15) == (factors & 15);
        if ((!isWide && !isHigh) || (!isWide && !isSameWidth) || (!isHigh && !isSameHeight) || (isWide && width <= 4))
        {
            return null;
        }

        // A column's sum of three parts and one, then a row's; where only one of both is done, it is divided by four instead of sixteen.
        var enlarged = new byte[height * width];
        var sums = new int[width];
        int shift = (isWide ? 2 : 0) + (isHigh ? 2 : 0);
        (int stepX, int stepY) = (isWide ? 2 : 1, isHigh ? 2 : 1);
        int lastRow = (height - 1) / stepY * stepY;
        int lastColumn = (width - 1) / stepX * stepX;
        for (int row = 0; row < height; row++)
        {
            int near = row / stepY * stepY;
            int far = Math.Clamp(row % stepY == 0 ? near - 2 : near + 2, 0, lastRow);
            for (int column = 0; column < width; column += stepX)
            {
                int value = samples[4 * (near * width + column) + channel];
                sums[column] = isHigh ? 3 * value + samples[4 * (far * width + column) + channel] : value;
            }

            for (int column = 0; column < width; column++)
            {
                int first = column / stepX * stepX;
                bool isLeft = column % stepX == 0;
                int sum = isWide ? 3 * sums[first] + sums[Math.Clamp(isLeft ? first - 2 : first + 2, 0, lastColumn)] : sums[first];

                // Half is rounded down and up in turns.
                bool isFirst = isWide ? isLeft : row % 2 == 0;
                int half = 1 << (shift - 1);
                int rounding = isWide && isHigh ? isFirst ? half : half - 1 : isFirst ? half - 1 : half;
                enlarged[row * width + column] = (byte)((sum + rounding) >> shift);
            }
        }

        return enlarged;
    }
}
