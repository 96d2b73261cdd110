using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Models.Operators;

namespace CnnViz.Models.Kernels;

/// <summary>Largest value of each window; its state is the place of that value, the first of several.</summary>
internal sealed unsafe class MaxPoolKernel(Window window, Padding overhang, MapShape input) : PoolingKernel(window, overhang, input)
{
    public override bool HasState => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(KernelMaps maps, Share share)
    {
        (MapView input, MapView output, MapView state) = (maps.Inputs[0], maps.Output, maps.State);
        (int first, int last) = share.Of(output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = output.Place(pixel);
            (int top, int bottom) = Rows.Places(row);
            (int left, int right) = Columns.Places(column);
            float* target = output.At(image, row, column);
            float* places = state.At(image, row, column);
            for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
            {
                int lanes = Output.Channels - channel;
                Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
                Vector512<float> place = Vector512<float>.Zero;
                for (int y = top; y < bottom; y++)
                {
                    float* source = input.At(image, Rows.Input(row, y), Columns.Input(column, left)) + channel;
                    int step = (Columns.Input(column, 1) - Columns.Input(column, 0)) * input.PixelStride;
                    for (int x = left; x < right; x++, source += step)
                    {
                        Vector512<float> value = Lanes.Load(source, lanes);

                        // What is no number wins, as in libtorch.
                        Vector512<float> wins = Vector512.GreaterThan(value, largest) | ~Vector512.Equals(value, value);
                        largest = Vector512.ConditionalSelect(wins, value, largest);
                        place = Vector512.ConditionalSelect(wins, Vector512.Create((float)(y * KernelWidth + x)), place);
                    }
                }

                Lanes.Store(largest, target + channel, lanes);
                Lanes.Store(place, places + channel, lanes);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Gather(KernelMaps maps, int image, ReadOnlySpan<Position> windows, float* target, bool accumulate)
    {
        (MapView gradient, MapView state) = (maps.Gradient, maps.State);
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            int lanes = Output.Channels - channel;
            Vector512<float> sum = Vector512<float>.Zero;
            foreach (Position window in windows)
            {
                Vector512<float> place = Lanes.Load(state.At(image, window.Row, window.Column) + channel, lanes);
                Vector512<float> passed = Lanes.Load(gradient.At(image, window.Row, window.Column) + channel, lanes);
                sum += passed & Vector512.Equals(place, Vector512.Create((float)window.Place));
            }

            Lanes.Store(sum, target + channel, lanes, accumulate);
        }
    }
}
