using CnnViz.Networks.Operators;

namespace CnnViz.Kernels;

/// <summary>Where the windows of a pooling lie, along one axis.</summary>
internal sealed class WindowGeometry
{
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _dilation;
    private readonly int _before;
    private readonly int _inputs;
    private readonly (int, int)[][] _windows;

    private WindowGeometry(long inputs, long kernel, long stride, long dilation, long before, long after, long overhang)
    {
        (_inputs, _kernel, _stride, _dilation, _before) = ((int)inputs, (int)kernel, (int)stride, (int)dilation, (int)before);
        Positions = (int)((inputs + before + after + overhang - ((kernel - 1) * dilation + 1)) / stride + 1);
        Padded = (int)(inputs + after);
        _windows = [.. Enumerable.Range(0, _inputs).Select(input => FindWindows(input).ToArray())];
    }

    /// <summary>Number of windows.</summary>
    public int Positions { get; }

    /// <summary>Where the padding after the inputs ends.</summary>
    public int Padded { get; }

    /// <summary>Both axes of a window.</summary>
    /// <param name="window">The window.</param>
    /// <param name="overhang">What positions that are rounded up need beyond the padding.</param>
    /// <param name="input">The input's size.</param>
    public static (WindowGeometry Rows, WindowGeometry Columns) Of(Window window, Padding overhang, MapShape input)
    {
        Padding padding = window.PaddingFor(input.Height, input.Width);
        return (
            new(input.Height, window.Kernel.Height, window.Stride.Height, window.Dilation.Height, padding.Top, padding.Bottom, overhang.Bottom),
            new(input.Width, window.Kernel.Width, window.Stride.Width, window.Dilation.Width, padding.Left, padding.Right, overhang.Right));
    }

    /// <summary>The places of the kernel that lie on inputs.</summary>
    /// <param name="position">The window.</param>
    /// <returns>The first place and the one after the last.</returns>
    public (int First, int Last) Places(int position)
    {
        int start = Start(position);
        int first = start >= 0 ? 0 : (-start + _dilation - 1) / _dilation;
        int last = Math.Min(_kernel, (_inputs - start + _dilation - 1) / _dilation);
        return (Math.Min(first, Math.Max(0, last)), Math.Max(0, last));
    }

    /// <summary>The input at a place of a window.</summary>
    public int Input(int position, int place) => Start(position) + place * _dilation;

    /// <summary>The windows that an input is in, and its places there.</summary>
    public (int Position, int Place)[] Windows(int input) => _windows[input];

    /// <summary>Inputs of a window, with those of the padding.</summary>
    public int PaddedCount(int position) => Math.Min(_kernel, Padded - Start(position));

    private IEnumerable<(int, int)> FindWindows(int input)
    {
        for (int place = 0; place < _kernel; place++)
        {
            int distance = input + _before - place * _dilation;
            if (distance >= 0 && distance % _stride == 0 && distance / _stride < Positions)
            {
                yield return (distance / _stride, place);
            }
        }
    }

    private int Start(int position) => position * _stride - _before;
}
