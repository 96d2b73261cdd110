using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Ascent;

/// <summary>
/// What JPEG compression does to images, differentiable: colours of half the resolution, and 8×8 blocks whose frequencies are rounded
/// (ITU-T T.81, with the quantization tables of its annex K, scaled by quality as the Independent JPEG Group's library does).
/// </summary>
/// <remarks>Rounding is passed over by the gradient (Bengio et al., "Estimating or Propagating Gradients Through Stochastic Neurons",
/// 2013), so that a frequency that is rounded to nothing can still grow; what is lost with the colours' resolution has none.</remarks>
internal sealed class JpegCompression
{
    private const int Block = 8;

    private static readonly float[] s_luminance =
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static readonly float[] s_chrominance =
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    // From red, green and blue to brightness and two differences of colour (ITU-R BT.601).
    internal static readonly float[] Colors =
    [
        0.299f, 0.587f, 0.114f,
        -0.168736f, -0.331264f, 0.5f,
        0.5f, -0.418688f, -0.081312f,
    ];

    internal static readonly float[] ColorsBack =
    [
        1, 0, 1.402f,
        1, -0.344136f, -0.714136f,
        1, 1.772f, 0,
    ];

    private readonly float[] _luminance;
    private readonly float[] _chrominance;

    /// <param name="quality">1…100.</param>
    public JpegCompression(int quality)
    {
        _luminance = Scale(s_luminance, quality);
        _chrominance = Scale(s_chrominance, quality);
    }

    /// <summary>Compresses some of the images and opens them again.</summary>
    /// <param name="images">N×C×H×W, 0…1.</param>
    /// <param name="isCompressed">For each image whether it is to be compressed; the others stay as they are.</param>
    /// <returns>The same shape, 0…1; differentiable.</returns>
    public torch.Tensor Apply(torch.Tensor images, bool[] isCompressed)
    {
        if (images.device_type == DeviceType.CPU && images.dtype == torch.ScalarType.Float32)
        {
            return JpegRounding.Apply(images, _luminance, _chrominance, isCompressed);
        }

        long[] chosen = [.. Enumerable.Range(0, isCompressed.Length).Where(i => isCompressed[i]).Select(i => (long)i)];
        torch.Tensor numbers = torch.tensor(chosen, device: images.device);
        return images.index_copy(0, numbers, Apply(images.index_select(0, numbers)));
    }

    /// <summary>Compresses images and opens them again.</summary>
    /// <param name="images">N×C×H×W, 0…1; channels that are not three are compressed like brightness.</param>
    /// <returns>The same shape, 0…1; differentiable.</returns>
    public torch.Tensor Apply(torch.Tensor images)
    {
        (long height, long width) = (images.shape[2], images.shape[3]);
        bool isColored = images.shape[1] == 3;
        long unit = isColored ? 2 * Block : Block;
        torch.Tensor padded = pad(
            images, [0, (unit - width % unit) % unit, 0, (unit - height % unit) % unit], PaddingModes.Replicate).Mul(255);
        torch.Tensor opened = isColored ? Colored(padded) : Round(padded, 128, _luminance);
        return PassGradient(opened.Div(255).Clamp(0, 1), opened.Div(255)).narrow(2, 0, height).narrow(3, 0, width);
    }

    private torch.Tensor Colored(torch.Tensor images)
    {
        torch.Tensor colors = Mix(images, Colors);
        torch.Tensor brightness = Round(colors.narrow(1, 0, 1), 128, _luminance);
        torch.Tensor differences = Round(avg_pool2d(colors.narrow(1, 1, 2), 2), 0, _chrominance);
        torch.Tensor enlarged = interpolate(
            differences, images.shape[2..], mode: torch.InterpolationMode.Bilinear, align_corners: false);
        return Mix(torch.cat([brightness, enlarged], 1), ColorsBack);
    }

    // Each pixel's three values through a matrix.
    private static torch.Tensor Mix(torch.Tensor images, float[] matrix) =>
        torch.matmul(torch.tensor(matrix, [3, 3], device: images.device), images.flatten(2)).reshape(images.shape);

    // The frequencies of each block in multiples of the table's steps. As the transform is orthonormal and rounding is passed over, the
    // gradient passes unchanged.
    private static torch.Tensor Round(torch.Tensor images, float middle, float[] table)
    {
        return PassGradient(RoundBlocks(images.detach().Sub(middle), table).Add(middle), images);
    }

    private static torch.Tensor RoundBlocks(torch.Tensor images, float[] table)
    {
        (long rows, long columns) = (images.shape[2] / Block, images.shape[3] / Block);
        torch.Tensor transform = Transform().to(images.device);
        torch.Tensor steps = torch.tensor(table, device: images.device);
        torch.Tensor blocks = images.reshape(-1, rows, Block, columns, Block).transpose(2, 3).reshape(-1, Block * Block);
        torch.Tensor frequencies = blocks.matmul(transform.t()) / steps;
        torch.Tensor rounded = (frequencies.round() * steps).matmul(transform);
        return rounded.reshape(-1, rows, columns, Block, Block).transpose(2, 3).reshape(images.shape);
    }

    // The orthonormal discrete cosine transform of a block: 64 frequencies × 64 places, both row by row.
    private static torch.Tensor Transform()
    {
        torch.Tensor line = torch.tensor([.. Enumerable.Range(0, Block * Block).Select(i => Cosine(i / Block, i % Block))], [Block, Block]);
        return torch.kron(line, line);
    }

    internal static float Cosine(int frequency, int place) =>
        (float)(Math.Cos((2 * place + 1) * frequency * Math.PI / (2 * Block)) * Math.Sqrt((frequency == 0 ? 1.0 : 2.0) / Block));

    private static torch.Tensor PassGradient(torch.Tensor value, torch.Tensor passed) => passed.Add((value - passed).detach());

    private static float[] Scale(float[] table, int quality)
    {
        int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
        return [.. table.Select(step => Math.Clamp((int)((step * scale + 50) / 100), 1, 255))];
    }
}
