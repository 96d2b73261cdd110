using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Models.Operators;

namespace CnnViz.Models.Kernels;

/// <summary>Mean of each window, over the padding too or over the image alone.</summary>
internal sealed unsafe class AvgPoolKernel(Window window, Padding overhang, bool countPadding, MapShape input)
    : PoolingKernel(window, overhang, input)
{
    public override void Forward(KernelMaps maps, Share share)
    {
        Cell* cells = stackalloc Cell[KernelSize];
        (int first, int last) = share.Of(maps.Output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = maps.Output.Place(pixel);
            (int top, int bottom) = Rows.Places(row);
            (int left, int right) = Columns.Places(column);
            float part = Number(row, column, 0);
            int count = 0;
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    float* values = maps.Inputs[0].At(image, Rows.Input(row, y), Columns.Input(column, x));
                    cells[count++] = new Cell { Values = values, Number = part };
                }
            }

            Gather(cells, count, maps.Output.At(image, row, column), default);
        }
    }

    // What one value counts.
    protected override float Number(int row, int column, int place) => 1f / (Count(Rows, row) * Count(Columns, column));

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
