using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>Mean of each window, over the padding too or over the image alone.</summary>
internal sealed unsafe class AvgPoolKernel(MapWindow window, bool countPadding, MapShape input) : PoolingKernel(window, input)
{
    // What one value counts.
    protected override float Number(int row, int column, int place) => 1f / (Count(Rows, row) * Count(Columns, column));

    protected override void Pool(Cell* cells, int count, float* target, float* state) => Gather(cells, count, target, default);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Gather(Cell* cells, int count, float* target, GradientWrite write)
    {
        for (int channel = 0; channel < Output.Channels; channel += Lanes.Count)
        {
            Vector512<float> sum = Vector512<float>.Zero;
            for (int i = 0; i < count; i++)
            {
                sum += Vector512.Load(cells[i].Values + channel) * Vector512.Create(cells[i].Number);
            }

            write.Store(sum, target + channel, Output.Channels - channel);
        }
    }

    private int Count(WindowGeometry axis, int position)
    {
        (int first, int last) = axis.Places(position);
        return countPadding ? axis.PaddedCount(position) : last - first;
    }
}
