using CnnViz.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Networks.Operators;

/// <summary>What the poolings share: a window, padding, and rounding of the number of positions.</summary>
internal abstract class Pooling(Window window, bool ceilMode) : Operator
{
    protected Window Window => window;

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => window.Slide(field, from);

    /// <summary>The window on maps of a size; null where it has no room there.</summary>
    protected MapWindow? On(MapShape input) =>
        window.On(input, Overhang(window.PaddingFor(input.Height, input.Width), input.Height, input.Width));

    // One channel tells.
    protected override long[]? SketchShape(torch.Tensor[] inputs)
    {
        long[] shape = inputs[0].shape;
        return shape.Length == 4 && shape[1] > 1 ? [.. shape[..2], .. Forward([inputs[0].narrow(0, 0, 1).narrow(1, 0, 1)]).shape[2..]] : null;
    }

    /// <summary>Rows and columns beyond the padding that the last position needs when positions are rounded up.</summary>
    protected Padding Overhang(Padding padding, long height, long width) => ceilMode
        ? new(
            0,
            0,
            Overhang(height, padding.Top, padding.Bottom, window.Reach.Height, window.Stride.Height),
            Overhang(width, padding.Left, padding.Right, window.Reach.Width, window.Stride.Width))
        : default;

    private static long Overhang(long size, long begin, long end, long reach, long stride)
    {
        long last = (size + begin + end - reach + stride - 1) / stride;
        if (last * stride >= size + begin)
        {
            // The last window must begin inside the image or the padding before it.
            last--;
        }

        return Math.Max(0, last * stride + reach - (size + begin + end));
    }
}

/// <summary>Largest value of each window; padding never wins.</summary>
internal sealed class MaxPool2d(Window window, bool ceilMode) : Pooling(window, ceilMode)
{
    public override string Kind => "MaxPool2d";

    protected override Kernel? CreateKernel(MapShape[] inputs) =>
        On(inputs[0]) is { } window ? Kernel.MaxPool(window, inputs[0]) : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor input = inputs[0];
        Padding padding = Window.PaddingFor(input.shape[2], input.shape[3]);
        Padding overhang = Overhang(padding, input.shape[2], input.shape[3]);
        bool native = padding.IsSymmetric && overhang.IsNone
            && padding.Top <= Window.Kernel.Height / 2 && padding.Left <= Window.Kernel.Width / 2;
        if (!native)
        {
            var all = new Padding(padding.Top, padding.Left, padding.Bottom + overhang.Bottom, padding.Right + overhang.Right);
            input = pad(input, all.ToTorch(), value: double.NegativeInfinity);
            padding = default;
        }

        // Channels side by side are compared many at once, which is five times as fast, with the way there and back. Convolutions would take
        // that layout too, but oneDNN's for it are not safe to run on two threads.
        return max_pool2d(
            input.PixelByPixel(),
            Window.Kernel.ToArray(),
            Window.Stride.ToArray(),
            [padding.Top, padding.Left],
            Window.Dilation.ToArray(),
            false).contiguous();
    }
}

/// <summary>Mean of each window, over the padding too or over the image alone.</summary>
internal sealed class AvgPool2d(Window window, bool ceilMode, bool countPadding) : Pooling(window, ceilMode)
{
    public override string Kind => "AvgPool2d";

    protected override Kernel? CreateKernel(MapShape[] inputs) =>
        On(inputs[0]) is { } window ? Kernel.AvgPool(window, countPadding, inputs[0]) : null;

    public override bool IsAffine => true;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor input = inputs[0];
        Padding padding = Window.PaddingFor(input.shape[2], input.shape[3]);
        Padding overhang = Overhang(padding, input.shape[2], input.shape[3]);
        if (padding.IsSymmetric && overhang.IsNone && Window.Dilation == Extent.One
            && padding.Top <= Window.Kernel.Height / 2 && padding.Left <= Window.Kernel.Width / 2)
        {
            return avg_pool2d(
                input, Window.Kernel.ToArray(), Window.Stride.ToArray(), [padding.Top, padding.Left], false, countPadding);
        }

        torch.Tensor ones = torch.ones([1, 1, input.shape[2], input.shape[3]], input.dtype, input.device);
        torch.Tensor counted = pad(ones, padding.ToTorch(), value: countPadding ? 1 : 0);
        torch.Tensor sums = WindowSum(pad(pad(input, padding.ToTorch()), overhang.ToTorch()), Window);
        return sums / WindowSum(pad(counted, overhang.ToTorch()), Window);
    }

    /// <summary>Sum over each window of an image that is already padded; any dilation.</summary>
    internal static torch.Tensor WindowSum(torch.Tensor input, Window window)
    {
        if (window.Dilation == Extent.One)
        {
            return avg_pool2d(input, window.Kernel.ToArray(), window.Stride.ToArray(), [0, 0], false, true, 1);
        }

        long channels = input.shape[1];
        torch.Tensor ones = torch.ones([channels, 1, window.Kernel.Height, window.Kernel.Width], input.dtype, input.device);
        return conv2d(input, ones, null, window.Stride.ToArray(), [0, 0], window.Dilation.ToArray(), channels);
    }
}

/// <summary>The p-norm of each window: (Σ |x|^p)^(1/p).</summary>
internal sealed class LPPool2d(Window window, bool ceilMode, double p) : Pooling(window, ceilMode)
{
    public override string Kind => "LPPool2d";

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor input = inputs[0];
        Padding padding = Window.PaddingFor(input.shape[2], input.shape[3]);
        Padding overhang = Overhang(padding, input.shape[2], input.shape[3]);
        torch.Tensor powers = input.abs().Pow(p);
        return AvgPool2d.WindowSum(pad(pad(powers, padding.ToTorch()), overhang.ToTorch()), Window).Root(p);
    }
}

/// <summary>One value a channel for the whole image, by a function of (tensor, dimensions).</summary>
/// <param name="kind">Its name.</param>
/// <param name="reduce">Reduces the given dimensions and keeps them with size one.</param>
/// <param name="kernel">The kernel for maps of a size; null where there is none.</param>
internal sealed class GlobalPool(
    string kind, Func<torch.Tensor, long[], torch.Tensor> reduce, Func<MapShape, Kernel?>? kernel = null) : Operator
{
    public override string Kind => kind;

    /// <summary>The mean of each channel.</summary>
    public static Kernel Mean(MapShape input) =>
        Kernel.Resample(AxisWeights.Mean(input.Height, 1), AxisWeights.Mean(input.Width, 1), input);

    /// <summary>The largest value of each channel; null for large maps.</summary>
    public static Kernel? Max(MapShape input) => Kernel.MaxPool(new MapWindow(new WindowAxis(input.Height), new WindowAxis(input.Width)), input);

    protected override Kernel? CreateKernel(MapShape[] inputs) => kernel?.Invoke(inputs[0]);

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        reduce(inputs[0], [.. Enumerable.Range(2, (int)inputs[0].dim() - 2).Select(dimension => (long)dimension)]);

    protected override long[]? SketchShape(torch.Tensor[] inputs) =>
        inputs[0].dim() > 2 ? [.. inputs[0].shape[..2], .. Enumerable.Repeat(1L, (int)inputs[0].dim() - 2)] : null;

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
