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

    /// <summary>Each input is added to the outputs of its window; weights are C×(O/groups)×h×w, the window is on the outputs.</summary>
    public static double[] ConvolveTransposed(
        double[] values, MapShape input, float[] weights, float[] bias, MapShape output, MapWindow window, int groups)
    {
        (int inputs, int outputs) = (input.Channels / groups, output.Channels / groups);
        double[] result = Fill(output, (channel, _, _) => bias[channel]);
        for (int i = 0; i < values.Length; i++)
        {
            (int channel, int row, int column) = (i / input.Pixels, i % input.Pixels / input.Width, i % input.Width);
            foreach ((int y, int x, int place) in Window(window, output, row, column))
            {
                for (int o = 0; o < outputs; o++)
                {
                    result[((channel / inputs * outputs + o) * output.Height + y) * output.Width + x] +=
                        values[i] * weights[(channel * outputs + o) * window.Places + place];
                }
            }
        }

        return result;
    }

    /// <summary>(x − μ) / √(σ² + ε) · w + b, with μ and σ² of all values of one group.</summary>
    public static double[] Normalize(double[] x, MapShape shape, float[] weight, float[] bias, double epsilon, Func<int, int> group)
    {
        ILookup<int, double> groups = x.Select((value, i) => (value, i)).ToLookup(pair => group(pair.i), pair => pair.value);
        Dictionary<int, (double Mean, double Deviation)> moments = groups.ToDictionary(values => values.Key, values =>
            (values.Average(), Math.Sqrt(values.Average(value => Math.Pow(value - values.Average(), 2)) + epsilon)));
        return
        [
            .. x.Select((value, i) => (value - moments[group(i)].Mean) / moments[group(i)].Deviation * weight[i / shape.Pixels]
                + bias[i / shape.Pixels]),
        ];
    }

    /// <summary>eˣ / Σ eˣ over the channels of a pixel, or its logarithm.</summary>
    public static double[] Softmax(double[] x, MapShape shape, bool isLogarithm)
    {
        double[] sums = [.. Enumerable.Range(0, shape.Pixels).Select(pixel =>
            Enumerable.Range(0, shape.Channels).Sum(channel => Math.Exp(x[channel * shape.Pixels + pixel])))];
        return [.. x.Select((value, i) => isLogarithm ? value - Math.Log(sums[i % shape.Pixels]) : Math.Exp(value) / sums[i % shape.Pixels])];
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

    public static double[] PixelShuffle(double[] x, MapShape shape, int block, bool isChannelFirst)
    {
        var y = new double[x.Length];
        foreach ((int deep, int wide) in Blocks(shape.Channels / (block * block), shape.Height, shape.Width, block, isChannelFirst))
        {
            y[wide] = x[deep];
        }

        return y;
    }

    public static double[] PixelUnshuffle(double[] x, MapShape shape, int block, bool isChannelFirst)
    {
        var y = new double[x.Length];
        foreach ((int deep, int wide) in Blocks(shape.Channels, shape.Height / block, shape.Width / block, block, isChannelFirst))
        {
            y[deep] = x[wide];
        }

        return y;
    }

    // The index of each value among channels of pixels and among pixels of blocks.
    private static IEnumerable<(int Deep, int Wide)> Blocks(int channels, int height, int width, int block, bool isChannelFirst) =>
        from channel in Enumerable.Range(0, channels)
        from row in Enumerable.Range(0, height * block)
        from column in Enumerable.Range(0, width * block)
        let place = row % block * block + column % block
        let deep = isChannelFirst ? channel * block * block + place : place * channels + channel
        select ((deep * height + row / block) * width + column / block, (channel * height * block + row) * width * block + column);
}
