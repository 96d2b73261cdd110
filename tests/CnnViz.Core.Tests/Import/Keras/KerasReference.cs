namespace CnnViz.Tests.Import.Keras;

/// <summary>The layers of Keras by their definitions, pixel by pixel.</summary>
internal static class KerasReference
{
    /// <summary>A convolution.</summary>
    /// <param name="x">The image.</param>
    /// <param name="kernel">Rows × columns × inputs of a group × outputs.</param>
    /// <param name="bias">A value for each output, or null.</param>
    /// <param name="stride">Stride.</param>
    /// <param name="dilation">Dilation.</param>
    /// <param name="same">Whether the padding is "same".</param>
    /// <param name="groups">Number of groups.</param>
    public static Pixels Conv(Pixels x, Pixels kernel, Pixels? bias, int stride = 1, int dilation = 1, bool same = false, int groups = 1)
    {
        int outputs = kernel.Shape[3] / groups;
        return Slide(x, kernel, kernel.Shape[3], stride, dilation, same, (output, row, column, channel) =>
            channel / kernel.Shape[2] == output / outputs ? kernel[row, column, channel % kernel.Shape[2], output] : 0, bias);
    }

    /// <summary>A convolution of each channel by itself; the kernel is rows × columns × channels × multiplier.</summary>
    public static Pixels Depthwise(Pixels x, Pixels kernel, Pixels? bias, int stride = 1, int dilation = 1, bool same = false)
    {
        int multiplier = kernel.Shape[3];
        return Slide(x, kernel, x.Channels * multiplier, stride, dilation, same, (output, row, column, channel) =>
            output / multiplier == channel ? kernel[row, column, channel, output % multiplier] : 0, bias);
    }

    /// <summary>
    /// A transposed convolution: the gradient of a convolution whose input is the output wanted. The kernel is rows × columns ×
    /// outputs × inputs.
    /// </summary>
    public static Pixels Transposed(Pixels x, Pixels kernel, Pixels bias, int stride, bool same, int? outputPadding)
    {
        (int rows, int top) = Extend(x.Rows, kernel.Shape[0], stride, same, outputPadding);
        (int columns, int left) = Extend(x.Columns, kernel.Shape[1], stride, same, outputPadding);
        Pixels y = Pixels.Of(rows, columns, kernel.Shape[2], (_, _, channel) => bias.Values[channel]);
        for (int i = 0; i < x.Values.Length * kernel.Values.Length / x.Channels; i++)
        {
            (int pixel, int tap) = (i / kernel.Values.Length, i % kernel.Values.Length);
            (int input, int output) = (tap % kernel.Shape[3], tap / kernel.Shape[3] % kernel.Shape[2]);
            int position = tap / kernel.Shape[3] / kernel.Shape[2];
            int row = pixel / x.Columns * stride + position / kernel.Shape[1] - top;
            int column = pixel % x.Columns * stride + position % kernel.Shape[1] - left;
            if (row >= 0 && row < rows && column >= 0 && column < columns)
            {
                y[row, column, output] += x.Values[pixel * x.Channels + input] * kernel.Values[tap];
            }
        }

        return y;
    }

    /// <summary>The largest value, or the mean, of what of each window lies in the image.</summary>
    public static Pixels Pool(Pixels x, int size, int stride, bool same, bool max)
    {
        (int rows, int top) = Shrink(x.Rows, size, stride, same);
        (int columns, int left) = Shrink(x.Columns, size, stride, same);
        return Pixels.Of(rows, columns, x.Channels, (row, column, channel) =>
        {
            var window = from r in Enumerable.Range(row * stride - top, size)
                         from c in Enumerable.Range(column * stride - left, size)
                         where r >= 0 && r < x.Rows && c >= 0 && c < x.Columns
                         select (double)x[r, c, channel];
            return max ? window.Max() : window.Average();
        });
    }

    private static Pixels Slide(
        Pixels x, Pixels kernel, int outputs, int stride, int dilation, bool same, Func<int, int, int, int, float> weight, Pixels? bias)
    {
        (int rows, int top) = Shrink(x.Rows, (kernel.Shape[0] - 1) * dilation + 1, stride, same);
        (int columns, int left) = Shrink(x.Columns, (kernel.Shape[1] - 1) * dilation + 1, stride, same);
        return Pixels.Of(rows, columns, outputs, (row, column, output) =>
        {
            double sum = bias?.Values[output] ?? 0;
            for (int i = 0; i < kernel.Shape[0] * kernel.Shape[1]; i++)
            {
                int r = row * stride - top + i / kernel.Shape[1] * dilation;
                int c = column * stride - left + i % kernel.Shape[1] * dilation;
                for (int channel = 0; channel < x.Channels && r >= 0 && r < x.Rows && c >= 0 && c < x.Columns; channel++)
                {
                    sum += x[r, c, channel] * (double)weight(output, i / kernel.Shape[1], i % kernel.Shape[1], channel);
                }
            }

            return sum;
        });
    }

    // The number of positions, and the padding before the first.
    private static (int Positions, int Before) Shrink(int size, int reach, int stride, bool same)
    {
        int positions = same ? (size + stride - 1) / stride : (size - reach) / stride + 1;
        return (positions, same ? Math.Max(0, (positions - 1) * stride + reach - size) / 2 : 0);
    }

    private static (int Size, int Before) Extend(int size, int kernel, int stride, bool same, int? outputPadding)
    {
        int wanted = (outputPadding, same) switch
        {
            (null, true) => size * stride,
            (null, false) => size * stride + Math.Max(kernel - stride, 0),
            (_, true) => (size - 1) * stride + kernel - kernel / 2 * 2 + outputPadding.Value,
            (_, false) => (size - 1) * stride + kernel + outputPadding.Value,
        };
        return (wanted, same ? Math.Max(0, (size - 1) * stride + kernel - wanted) / 2 : 0);
    }
}
