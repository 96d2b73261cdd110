using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>Small steps between tensors and .NET values.</summary>
internal static class TensorExtensions
{
    /// <summary>The values as whole numbers, in row-major order.</summary>
    public static long[] ToLongs(this torch.Tensor tensor)
    {
        using torch.Tensor copy = tensor.detach().to(torch.ScalarType.Int64).cpu().contiguous();
        return copy.data<long>().ToArray();
    }

    /// <summary>The values as single-precision numbers, in row-major order.</summary>
    public static float[] ToFloats(this torch.Tensor tensor)
    {
        using torch.Tensor copy = tensor.detach().to(torch.ScalarType.Float32).cpu().contiguous();
        return copy.data<float>().ToArray();
    }

    /// <summary>The values as double-precision numbers, in row-major order.</summary>
    public static double[] ToDoubles(this torch.Tensor tensor)
    {
        using torch.Tensor copy = tensor.detach().to(torch.ScalarType.Float64).cpu().contiguous();
        return copy.data<double>().ToArray();
    }

    /// <summary>Whether the values can be read where they lie: single precision, in row-major order, on the processor.</summary>
    public static bool LiesPlain(this torch.Tensor tensor) =>
        tensor.device_type == DeviceType.CPU && tensor.dtype == torch.ScalarType.Float32 && tensor.is_contiguous();

    /// <summary>N×C×H×W with the channels of a pixel side by side in memory (PyTorch's <c>channels_last</c>).</summary>
    public static torch.Tensor PixelByPixel(this torch.Tensor tensor) => tensor.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);

    /// <summary>The p-th root of values that are not negative, with a gradient of zero at zero instead of an infinite one.</summary>
    public static torch.Tensor Root(this torch.Tensor tensor, double p)
    {
        torch.Tensor zero = tensor.Eq(0);
        return tensor.MaskedFill(zero, 1).Pow(1 / p).MaskedFill(zero, 0);
    }

    /// <summary>The L2 norm of each slice along the first dimension.</summary>
    public static float[] RowNorms(this torch.Tensor tensor)
    {
        using torch.Tensor rows = tensor.detach().flatten(1);
        using torch.Tensor norms = rows.norm(1);
        return norms.ToFloats();
    }
}
