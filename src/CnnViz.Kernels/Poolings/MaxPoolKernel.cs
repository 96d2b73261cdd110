using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>Largest value of each window; its state is the place of that value, the first of several.</summary>
internal sealed unsafe class MaxPoolKernel(MapWindow window, MapShape input) : PoolingKernel(window, input)
{
    internal override bool HasState => true;

    protected override float Number(int row, int column, int place) => place;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Gather(Cell* cells, int count, float* target, GradientWrite write)
    {
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < count; i++)
            {
                Vector512<float> wins = Vector512.Equals(Vector512.Load(cells[i].State + channel), Vector512.Create(cells[i].Number));
                sum += wins & Vector512.Load(cells[i].Values + channel);
            }

            write.Store(sum, target + channel, Output.Channels - channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Pool(Cell* cells, int count, float* target, float* state)
    {
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            Vector512<float> largest = Vector512.Create(float.NegativeInfinity);
            Vector512<float> place = Vector512<float>.Zero;
            for (int i = 0; i < count; i++)
            {
                // What is no number wins, as in libtorch.
                Vector512<float> value = Vector512.Load(cells[i].Values + channel);
                Vector512<float> wins = Vector512.GreaterThan(value, largest) | ~Vector512.Equals(value, value);
                largest = Vector512.ConditionalSelect(wins, value, largest);
                place = Vector512.ConditionalSelect(wins, Vector512.Create(cells[i].Number), place);
            }

            Lanes.Store(largest, target + channel, Output.Channels - channel);
            Lanes.Store(place, state + channel, Output.Channels - channel);
        }
    }
}
