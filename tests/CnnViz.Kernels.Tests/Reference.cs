namespace CnnViz.Kernels.Tests;

/// <summary>The operations as their definitions say, in double precision. Maps are C×H×W in row-major order.</summary>
internal static class Reference
{
    /// <summary>Cross-correlation; weights are O×(C/groups)×h×w.</summary>
    public static double[] Convolve(double[] values, MapShape input, float[] weights, float[]? bias, MapShape output, MapWindow window, int groups)
    {
        int inputs = input.Channels / groups;
        int outputs = output.Channels / groups;
        return Fill(output, (channel, row, column) =>
        {
            double sum = bias?[channel] ?? 0;
            int first = channel / outputs * inputs;
            foreach ((int y, int x, int place) in Window(window, input, row, column))
            {
                for (int i = 0; i < inputs; i++)
                {
                    sum += values[((first + i) * input.Height + y) * input.Width + x] * weights[(channel * inputs + i) * window.Places + place];
                }
            }

            return sum;
        });
    }

    /// <summary>The largest value of each window.</summary>
    public static double[] MaxPool(double[] x, MapShape input, MapShape output, MapWindow window) => Fill(output, (channel, row, column) =>
        Window(window, input, row, column).Max(at => x[(channel * input.Height + at.Row) * input.Width + at.Column]));

    /// <summary>The mean of each window; padding that counts ends where the window leaves it.</summary>
    public static double[] AvgPool(double[] x, MapShape input, MapShape output, MapWindow window, bool countPadding) =>
        Fill(output, (channel, row, column) =>
        {
            (int Row, int Column, int Place)[] places = [.. Window(window, input, row, column)];
            int count = countPadding ? Padded(window.Rows, input.Height, row) * Padded(window.Columns, input.Width, column) : places.Length;
            return places.Sum(at => x[(channel * input.Height + at.Row) * input.Width + at.Column]) / count;
        });

    /// <summary>x / (k + α/n · Σ x²)^¾ over n neighbouring channels.</summary>
    public static double[] LocalResponseNorm(double[] x, MapShape shape, int size, double alpha, double k)
    {
        return Fill(shape, (channel, row, column) =>
        {
            double sum = 0;
            for (int near = Math.Max(0, channel - (size - 1) / 2); near <= Math.Min(shape.Channels - 1, channel + size / 2); near++)
            {
                sum += At(near, row, column) * At(near, row, column);
            }

            return At(channel, row, column) / Math.Pow(k + alpha / size * sum, 0.75);
        });

        double At(int channel, int row, int column) => x[(channel * shape.Height + row) * shape.Width + column];
    }

    /// <summary>A factor and a summand for each channel.</summary>
    public static double[] ChannelAffine(double[] x, MapShape shape, float[] gain, float[] offset) =>
        [.. x.Select((value, i) => value * gain[i / shape.Pixels] + offset[i / shape.Pixels])];

    /// <summary>Values cut off.</summary>
    public static double[] Clamp(double[] x, ValueRange range) => [.. x.Select(value => Math.Clamp(value, range.Low, range.High))];

    private static double[] Fill(MapShape shape, Func<int, int, int, double> value)
    {
        var result = new double[shape.Size];
        for (int i = 0; i < result.Length; i++)
        {
            result[i] = value(i / shape.Pixels, i % shape.Pixels / shape.Width, i % shape.Width);
        }

        return result;
    }

    // The inputs that a window sees, and their places in it.
    private static IEnumerable<(int Row, int Column, int Place)> Window(MapWindow window, MapShape input, int row, int column)
    {
        for (int y = 0; y < window.Rows.Kernel; y++)
        {
            for (int x = 0; x < window.Columns.Kernel; x++)
            {
                int down = row * window.Rows.Stride - window.Rows.Before + y * window.Rows.Dilation;
                int across = column * window.Columns.Stride - window.Columns.Before + x * window.Columns.Dilation;
                if (down >= 0 && down < input.Height && across >= 0 && across < input.Width)
                {
                    yield return (down, across, y * window.Columns.Kernel + x);
                }
            }
        }
    }

    private static int Padded(WindowAxis axis, int size, int position) => Enumerable.Range(0, axis.Kernel)
        .Count(place => position * axis.Stride - axis.Before + place < size + axis.After);
}
