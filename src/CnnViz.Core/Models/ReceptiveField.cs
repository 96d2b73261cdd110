namespace CnnViz.Models;

/// <summary>
/// How much of the input image one position of a layer's output sees, in input pixels, and how far apart the windows of two
/// neighbouring positions lie.
/// </summary>
/// <remarks>Grows layer by layer: size += (kernel − 1) · dilation · stride so far; stride *= the layer's stride
/// (Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019).</remarks>
/// <param name="Height">Height of the window in pixels; <see cref="double.PositiveInfinity"/> for the whole image.</param>
/// <param name="Width">Width of the window in pixels; <see cref="double.PositiveInfinity"/> for the whole image.</param>
/// <param name="StrideHeight">Vertical distance of two windows in pixels.</param>
/// <param name="StrideWidth">Horizontal distance of two windows in pixels.</param>
public readonly record struct ReceptiveField(double Height, double Width, double StrideHeight, double StrideWidth)
{
    /// <summary>The field of the input itself: one pixel.</summary>
    public static ReceptiveField Pixel { get; } = new(1, 1, 1, 1);

    /// <summary>The field of a value that depends on every pixel.</summary>
    public static ReceptiveField WholeImage { get; } = new(double.PositiveInfinity, double.PositiveInfinity, 0, 0);

    /// <summary>True when every pixel of the image counts.</summary>
    public bool IsWholeImage => double.IsPositiveInfinity(Height);

    /// <summary>The field after a window of the given kernel, stride and dilation (height, width).</summary>
    internal ReceptiveField Slide(Extent kernel, Extent stride, Extent dilation) => IsWholeImage ? this : new(
        Height + (kernel.Height - 1) * dilation.Height * StrideHeight,
        Width + (kernel.Width - 1) * dilation.Width * StrideWidth,
        StrideHeight * stride.Height,
        StrideWidth * stride.Width);

    /// <summary>The field of a value computed from both fields.</summary>
    internal ReceptiveField Union(ReceptiveField other) => new(
        Math.Max(Height, other.Height),
        Math.Max(Width, other.Width),
        Math.Max(StrideHeight, other.StrideHeight),
        Math.Max(StrideWidth, other.StrideWidth));

    /// <summary>Such as <c>139×139 / 8</c>: size, then stride.</summary>
    public override string ToString()
    {
        if (IsWholeImage)
        {
            return "whole image";
        }

        string stride = StrideHeight == StrideWidth
            ? FormattableString.Invariant($"{StrideWidth:0.##}")
            : FormattableString.Invariant($"{StrideHeight:0.##}×{StrideWidth:0.##}");
        return FormattableString.Invariant($"{Height:0.##}×{Width:0.##} / {stride}");
    }
}
