using CnnViz.Pictures.Codecs;

namespace CnnViz.Tests.Pictures;

public sealed class JpegColoursTests
{
    // Formulas of JFIF 1.02, and libjpeg's of jdsample.c, written down plainly.
    [Theory]
    [InlineData(0x22, 9, 13)]
    [InlineData(0x21, 9, 14)]
    [InlineData(0x12, 8, 13)]
    [InlineData(0x11, 5, 5)]
    public void Colours_are_enlarged_linearly(byte factors, int height, int width)
    {
        (int stepX, int stepY) = (factors >> 4, factors & 15);
        (int rows, int columns) = ((height + stepY - 1) / stepY, (width + stepX - 1) / stepX);
        byte[] blue = Noise(rows * columns, 1);
        byte[] red = Noise(rows * columns, 2);
        byte[] brightness = Noise(height * width, 3);
        var samples = new byte[height * width * 4];
        for (int i = 0; i < height * width; i++)
        {
            int at = i / width / stepY * columns + i % width / stepX;
            (samples[4 * i], samples[4 * i + 1], samples[4 * i + 2], samples[4 * i + 3]) = (brightness[i], blue[at], red[at], 255);
        }

        new JpegColours(factors, 0x11, 0x11).ToRgb(samples, height, width);

        for (int i = 0; i < height * width; i++)
        {
            double cb = At(blue, rows, columns, i / width, i % width, stepY, stepX) - 128;
            double cr = At(red, rows, columns, i / width, i % width, stepY, stepX) - 128;
            Assert.Equal(Math.Clamp(brightness[i] + 1.402 * cr, 0, 255), samples[4 * i], 1.5);
            Assert.Equal(Math.Clamp(brightness[i] - 0.344136 * cb - 0.714136 * cr, 0, 255), samples[4 * i + 1], 1.5);
            Assert.Equal(Math.Clamp(brightness[i] + 1.772 * cb, 0, 255), samples[4 * i + 2], 1.6);
            Assert.Equal(255, samples[4 * i + 3]);
        }
    }

    private static byte[] Noise(int length, int seed)
    {
        var values = new byte[length];
        new Random(seed).NextBytes(values);
        return values;
    }

    // Three parts of the nearest value and one of the next, each way.
    private static double At(byte[] values, int rows, int columns, int row, int column, int stepY, int stepX)
    {
        (int y, int x) = (row / stepY, column / stepX);
        int nextY = stepY == 1 ? y : Math.Clamp(row % 2 == 0 ? y - 1 : y + 1, 0, rows - 1);
        int nextX = stepX == 1 ? x : Math.Clamp(column % 2 == 0 ? x - 1 : x + 1, 0, columns - 1);
        double Row(int r) => (3.0 * values[r * columns + x] + values[r * columns + nextX]) / 4;
        return (3 * Row(y) + Row(nextY)) / 4;
    }
}
