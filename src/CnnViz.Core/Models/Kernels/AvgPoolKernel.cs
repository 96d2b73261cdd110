using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Models.Operators;

namespace CnnViz.Models.Kernels;

/// <summary>Mean of each window, over the padding too or over the image alone.</summary>
internal sealed unsafe class AvgPoolKernel(Window window, Padding overhang, bool countPadding, MapShape input)
    : PoolingKernel(window, overhang, input)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(KernelMaps maps, Share share)
    {
        (MapView input, MapView output) = (maps.Inputs[0], maps.Output);
        (int first, int last) = share.Of(output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = output.Place(pixel);
            (int top, int bottom) = Rows.Places(row);
            (int left, int right) = Columns.Places(column);
            float* target = output.At(image, row, column);
            Vector512<float> part = Vector512.Create(Part(row, column));
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                int lanes = Output.Channels - channel;
                Vector512<float> sum = Vector512<float>.Zero;
                for (int y = top; y < bottom; y++)
                {
                    for (int x = left; x < right; x++)
                    {
                        sum += Lanes.Load(input.At(image, Rows.Input(row, y), Columns.Input(column, x)) + channel, lanes);
                    }
                }

                Lanes.Store(sum * part, target + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Gather(KernelMaps maps, int image, ReadOnlySpan<Position> windows, float* target, bool accumulate)
    {
        MapView gradient = maps.Gradient;
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            int lanes = Output.Channels - channel;
            Vector512<float> sum = Vector512<float>.Zero;
            foreach (Position window in windows)
            {
                sum += Lanes.Load(gradient.At(image, window.Row, window.Column) + channel, lanes)
                    * Vector512.Create(Part(window.Row, window.Column));
            }

            Lanes.Store(sum, target + channel, lanes, accumulate);
        }
    }

    // What one value counts.
    private float Part(int row, int column) => 1f / (Count(Rows, row) * Count(Columns, column));

    private int Count(WindowGeometry axis, int position)
    {
        (int first, int last) = axis.Places(position);
        return countPadding ? axis.PaddedCount(position) : last - first;
    }
}
