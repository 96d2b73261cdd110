using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>Weighted sums along rows and columns, the same for all channels.</summary>
internal sealed unsafe class ResampleKernel(AxisWeights rows, AxisWeights columns, MapShape input)
    : Kernel(input, new MapShape(input.Channels, rows.Outputs, columns.Outputs))
{
    internal override void Forward(KernelMaps maps, Share share)
    {
        MapView output = maps.Output;
        foreach (RowBand band in share.Bands(output.Images, Output.Height))
        {
            for (int row = band.First; row < band.Last; row++)
            {
                for (int column = 0; column < Output.Width; column++)
                {
                    Sum(
                        maps.Inputs[0],
                        band.Image,
                        rows.OfOutput(row),
                        columns.OfOutput(column),
                        output.At(band.Image, row, column),
                        default);
                }
            }
        }
    }

    internal override void Backward(KernelMaps maps, int number, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[0];
        foreach (RowBand band in share.Bands(result.Images, Input.Height))
        {
            for (int row = band.First; row < band.Last; row++)
            {
                for (int column = 0; column < Input.Width; column++)
                {
                    Sum(maps.Gradient, band.Image, rows.OfInput(row), columns.OfInput(column), result.At(band.Image, row, column), write);
                }
            }
        }
    }

    // Row by row, so that sums of many values stay exact.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Sum(
        MapView source,
        int image,
        ReadOnlySpan<(int Place, float Weight)> down,
        ReadOnlySpan<(int Place, float Weight)> across,
        float* target,
        GradientWrite write)
    {
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < down.Length; i++)
            {
                float* row = source.At(image, down[i].Place, 0) + channel;
                Vector512<float> rowSum = Vector512<float>.Zero;
                for (int j = 0; j < across.Length; j++)
                {
                    Vector512<float> value = Vector512.Load(row + (long)across[j].Place * source.PixelStride);
                    rowSum = Lanes.MultiplyAdd(value, Vector512.Create(across[j].Weight), rowSum);
                }

                sum = Lanes.MultiplyAdd(rowSum, Vector512.Create(down[i].Weight), sum);
            }

            write.Store(sum, target + channel, Output.Channels - channel);
        }
    }
}
