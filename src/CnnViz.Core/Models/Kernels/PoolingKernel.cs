using CnnViz.Models.Operators;

namespace CnnViz.Models.Kernels;

/// <summary>What the poolings share: their windows, and the way from an input to the windows that it is in.</summary>
internal abstract unsafe class PoolingKernel : Kernel
{
    private readonly MapShape _input;
    private readonly Extent _kernel;

    protected PoolingKernel(Window window, Padding overhang, MapShape input)
    {
        _input = input;
        _kernel = window.Kernel;
        (Rows, Columns) = WindowGeometry.Of(window, overhang, input);
        Output = input with { Height = Rows.Positions, Width = Columns.Positions };
    }

    public sealed override MapShape Output { get; }

    protected WindowGeometry Rows { get; }

    protected WindowGeometry Columns { get; }

    protected int KernelWidth => (int)_kernel.Width;

    public sealed override void Backward(KernelMaps maps, int input, bool accumulate, Share share)
    {
        MapView result = maps.InputGradients[0];
        Position* windows = stackalloc Position[checked((int)(_kernel.Height * _kernel.Width))];
        (int first, int last) = share.Of(result.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = result.Place(pixel);
            int count = 0;
            for (int y = 0; y < _kernel.Height; y++)
            {
                if (Rows.Position(row, y) is not { } down)
                {
                    continue;
                }

                for (int x = 0; x < _kernel.Width; x++)
                {
                    if (Columns.Position(column, x) is { } across)
                    {
                        windows[count++] = new Position(down, across, y * KernelWidth + x);
                    }
                }
            }

            Gather(maps, image, new ReadOnlySpan<Position>(windows, count), result.At(image, row, column), accumulate);
        }
    }

    /// <summary>Computes the gradient of one input pixel.</summary>
    /// <param name="maps">The maps.</param>
    /// <param name="image">The image.</param>
    /// <param name="windows">The windows that the pixel is in.</param>
    /// <param name="target">Where the gradient goes.</param>
    /// <param name="accumulate">Whether to add to what is there.</param>
    protected abstract void Gather(KernelMaps maps, int image, ReadOnlySpan<Position> windows, float* target, bool accumulate);

    /// <summary>A window, and the place at which an input lies in it.</summary>
    protected readonly record struct Position(int Row, int Column, int Place);
}
