namespace CnnViz.Kernels;

/// <summary>Which inputs the windows of a pooling see along one axis, and which windows see an input.</summary>
internal sealed class WindowGeometry
{
    private readonly int _kernel;
    private readonly int _stride;
    private readonly int _dilation;
    private readonly int _before;
    private readonly int _inputs;
    private readonly (int, int)[][] _windows;

    /// <param name="axis">The windows.</param>
    /// <param name="inputs">Number of inputs.</param>
    public WindowGeometry(WindowAxis axis, int inputs)
    {
        (_inputs, _kernel, _stride, _dilation, _before) = (inputs, axis.Kernel, axis.Stride, axis.Dilation, axis.Before);
        Positions = axis.Positions(inputs);
        Padded = inputs + axis.After;
        _windows = [.. Enumerable.Range(0, _inputs).Select(input => FindWindows(input).ToArray())];
    }

    /// <summary>Number of windows.</summary>
    public int Positions { get; }

    /// <summary>Where the padding after the inputs ends.</summary>
    public int Padded { get; }

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
