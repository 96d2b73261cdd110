using System.Runtime.CompilerServices;

namespace CnnViz.Kernels;

/// <summary>What the poolings share: their windows, and the way from an input to the windows that it is in.</summary>
internal abstract unsafe class PoolingKernel : Kernel
{
    private readonly MapWindow _window;

    protected PoolingKernel(MapWindow window, MapShape input)
        : base(input, window.Slide(input, input.Channels))
    {
        _window = window;
        (Rows, Columns) = (new WindowGeometry(window.Rows, input.Height), new WindowGeometry(window.Columns, input.Width));
    }

    protected WindowGeometry Rows { get; }

    protected WindowGeometry Columns { get; }

    private int KernelWidth => _window.Columns.Kernel;

    [SkipLocalsInit]
    internal sealed override void Forward(KernelMaps maps, Share share)
    {
        Cell* cells = stackalloc Cell[_window.Places];
        (int first, int last) = share.Of(maps.Output.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = maps.Output.Place(pixel);
            (int top, int bottom) = Rows.Places(row);
            (int left, int right) = Columns.Places(column);
            int count = 0;
            for (int y = top; y < bottom; y++)
            {
                for (int x = left; x < right; x++)
                {
                    cells[count++] = new Cell
                    {
                        Values = maps.Inputs[0].At(image, Rows.Input(row, y), Columns.Input(column, x)),
                        Number = Number(row, column, y * KernelWidth + x),
                    };
                }
            }

            Pool(cells, count, maps.Output.At(image, row, column), HasState ? maps.State.At(image, row, column) : null);
        }
    }

    [SkipLocalsInit]
    internal sealed override void Backward(KernelMaps maps, int input, GradientWrite write, Share share)
    {
        MapView result = maps.InputGradients[0];
        Cell* cells = stackalloc Cell[_window.Places];
        (int first, int last) = share.Of(result.Pixels);
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = result.Place(pixel);
            int count = 0;
            foreach ((int down, int y) in Rows.Windows(row))
            {
                foreach ((int across, int x) in Columns.Windows(column))
                {
                    cells[count++] = new Cell
                    {
                        Values = maps.Gradient.At(image, down, across),
                        State = HasState ? maps.State.At(image, down, across) : null,
                        Number = Number(down, across, y * KernelWidth + x),
                    };
                }
            }

            Gather(cells, count, result.At(image, row, column), write);
        }
    }

    /// <summary>What a kernel needs to know of a value of a window.</summary>
    /// <param name="row">The window's row.</param>
    /// <param name="column">The window's column.</param>
    /// <param name="place">The value's place in the window.</param>
    protected abstract float Number(int row, int column, int place);

    /// <summary>Computes one pixel of the result.</summary>
    /// <param name="cells">The values of its window.</param>
    /// <param name="count">How many those are.</param>
    /// <param name="target">Where the result goes.</param>
    /// <param name="state">Where the state goes; null for nowhere.</param>
    protected abstract void Pool(Cell* cells, int count, float* target, float* state);

    /// <summary>Computes the gradient of one input pixel.</summary>
    /// <param name="cells">The windows that it is in.</param>
    /// <param name="count">How many those are.</param>
    /// <param name="target">Where the gradient goes.</param>
    /// <param name="write">How it is written.</param>
    protected abstract void Gather(Cell* cells, int count, float* target, GradientWrite write);

    /// <summary>One value of one window.</summary>
    protected struct Cell
    {
        /// <summary>On the way there the value, on the way back the window's gradient.</summary>
        public float* Values;

        /// <summary>The window's state.</summary>
        public float* State;

        /// <summary>What <see cref="PoolingKernel.Number"/> says.</summary>
        public float Number;
    }
}
