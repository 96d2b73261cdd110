using CnnViz.Kernels;

namespace CnnViz.Networks.Operators;

/// <summary>How the padding of a window is found.</summary>
internal enum PaddingRule
{
    /// <summary>As given.</summary>
    Explicit,

    /// <summary>The output has ⌈input ÷ stride⌉ positions; an odd pixel goes to the end (TensorFlow's "same").</summary>
    SameUpper,

    /// <summary>As <see cref="SameUpper"/>, but an odd pixel goes to the beginning.</summary>
    SameLower,
}

/// <summary>Pixels added around an image.</summary>
internal readonly record struct Padding(long Top, long Left, long Bottom, long Right)
{
    public bool IsSymmetric => Top == Bottom && Left == Right;

    public bool IsNone => this == default;

    /// <summary>In the order of torch's <c>pad</c>: the last dimension first.</summary>
    public long[] ToTorch() => [Left, Right, Top, Bottom];
}

/// <summary>The sliding window of a convolution or pooling.</summary>
internal sealed record Window(Extent Kernel, Extent Stride, Extent Dilation, Padding Padding, PaddingRule Rule = PaddingRule.Explicit)
{
    /// <summary>Height and width of the dilated kernel.</summary>
    public Extent Reach => new((Kernel.Height - 1) * Dilation.Height + 1, (Kernel.Width - 1) * Dilation.Width + 1);

    /// <summary>The padding for an input of the given height and width.</summary>
    public Padding PaddingFor(long height, long width)
    {
        if (Rule == PaddingRule.Explicit)
        {
            return Padding;
        }

        (long top, long bottom) = Same(height, Reach.Height, Stride.Height);
        (long left, long right) = Same(width, Reach.Width, Stride.Width);
        return new Padding(top, left, bottom, right);
    }

    /// <summary>The receptive field behind this window.</summary>
    /// <param name="field">That of the window's input.</param>
    /// <param name="from">Height and width of the input.</param>
    public ReceptiveField Slide(ReceptiveField field, Extent from)
    {
        Padding padding = PaddingFor(from.Height, from.Width);
        return field.Slide((Reach.Height, Reach.Width), (Stride.Height, Stride.Width), (-padding.Top, -padding.Left));
    }

    /// <summary>The same for kernels.</summary>
    /// <param name="input">The size of the maps.</param>
    /// <param name="overhang">What positions that are rounded up need beyond the padding.</param>
    /// <returns>Null where maps have no room for a window.</returns>
    public MapWindow? On(MapShape input, Padding overhang = default)
    {
        Padding padding = PaddingFor(input.Height, input.Width);
        var window = new MapWindow(
            Axis(Kernel.Height, Stride.Height, Dilation.Height, padding.Top, padding.Bottom, overhang.Bottom),
            Axis(Kernel.Width, Stride.Width, Dilation.Width, padding.Left, padding.Right, overhang.Right));
        return window.Fits(input) ? window : null;
    }

    // Readers refuse numbers that an int does not hold.
    private static WindowAxis Axis(long kernel, long stride, long dilation, long before, long after, long overhang) => checked(
        new((int)kernel, (int)stride, (int)dilation, (int)before, (int)after, (int)overhang));

    private (long Begin, long End) Same(long size, long reach, long stride)
    {
        long positions = (size + stride - 1) / stride;
        long total = Math.Max(0, (positions - 1) * stride + reach - size);
        long small = total / 2;
        return Rule == PaddingRule.SameUpper ? (small, total - small) : (total - small, small);
    }
}
