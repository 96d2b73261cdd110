namespace CnnViz.Networks;

/// <summary>
/// How much of the input image one position of a layer's output sees, in input pixels, how far apart the windows of two
/// neighbouring positions lie, and where the first one lies.
/// </summary>
/// <remarks>Grows layer by layer: size += (kernel − 1) · dilation · stride so far; start −= padding · stride so far; stride *= the
/// layer's stride (Araujo, Norris, Sim, "Computing Receptive Fields of Convolutional Neural Networks", Distill 2019). Behind an
/// upsampling the start is exact to one pixel of what is upsampled; cutting rows or columns off a map does not count.</remarks>
/// <param name="Height">Height of the window in pixels; <see cref="double.PositiveInfinity"/> for the whole image.</param>
/// <param name="Width">Width of the window in pixels; <see cref="double.PositiveInfinity"/> for the whole image.</param>
/// <param name="StrideHeight">Vertical distance of two windows in pixels.</param>
/// <param name="StrideWidth">Horizontal distance of two windows in pixels.</param>
/// <param name="Top">Row of the image at which the first window begins, at the model's input size; below zero within padding.</param>
/// <param name="Left">Column of the image at which the first window begins; below zero within padding.</param>
public readonly record struct ReceptiveField(
    double Height, double Width, double StrideHeight, double StrideWidth, double Top, double Left) : IComparable<ReceptiveField>, IComparable
{
    /// <summary>Orders fields by height, then width, then stride; the whole image is the largest.</summary>
    public int CompareTo(ReceptiveField other) =>
        (Height, Width, StrideHeight, StrideWidth).CompareTo((other.Height, other.Width, other.StrideHeight, other.StrideWidth));

    int IComparable.CompareTo(object? obj) => obj is ReceptiveField other ? CompareTo(other) : 1;

    /// <summary>The field of the input itself: one pixel.</summary>
    public static ReceptiveField Pixel { get; } = new(1, 1, 1, 1, 0, 0);

    /// <summary>The field of a value that depends on every pixel.</summary>
    public static ReceptiveField WholeImage { get; } = new(double.PositiveInfinity, double.PositiveInfinity, 0, 0, 0, 0);

    /// <summary>True when every pixel of the image counts.</summary>
    public bool IsWholeImage => double.IsPositiveInfinity(Height);

    /// <summary>What one position sees of an image of the model's input size.</summary>
    /// <param name="row">Row of the layer's map.</param>
    /// <param name="column">Column of the layer's map.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="width">Width of the image.</param>
    /// <returns>The part of the window that lies within the image; one pixel at least.</returns>
    public ImagePatch PatchAt(int row, int column, int height, int width)
    {
        if (IsWholeImage)
        {
            return new ImagePatch(0, 0, height, width);
        }

        (int top, int rows) = Clip(Top + row * StrideHeight, Height, height);
        (int left, int columns) = Clip(Left + column * StrideWidth, Width, width);
        return new ImagePatch(top, left, rows, columns);
    }

    /// <summary>The field after a window that takes some values of each axis.</summary>
    /// <param name="reach">First to last value that the window takes, both counted.</param>
    /// <param name="stride">How far apart two windows lie, in values; below one where there are more windows than values.</param>
    /// <param name="start">The value at which the first window begins; below zero within padding.</param>
    internal ReceptiveField Slide(
        (double Height, double Width) reach,
        (double Height, double Width) stride,
        (double Top, double Left) start) => IsWholeImage ? this : new(
        Height + (reach.Height - 1) * StrideHeight,
        Width + (reach.Width - 1) * StrideWidth,
        StrideHeight * stride.Height,
        StrideWidth * stride.Width,
        Top + start.Top * StrideHeight,
        Left + start.Left * StrideWidth);

    /// <summary>The field of a value computed from both fields.</summary>
    internal ReceptiveField Union(ReceptiveField other)
    {
        if (IsWholeImage || other.IsWholeImage)
        {
            return WholeImage;
        }

        (double top, double left) = (Math.Min(Top, other.Top), Math.Min(Left, other.Left));
        return new(
            Math.Max(Top + Height, other.Top + other.Height) - top,
            Math.Max(Left + Width, other.Left + other.Width) - left,
            Math.Max(StrideHeight, other.StrideHeight),
            Math.Max(StrideWidth, other.StrideWidth),
            top,
            left);
    }

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

    private static (int Start, int Length) Clip(double start, double length, int limit)
    {
        int first = (int)Math.Clamp(Math.Floor(start), 0, limit - 1);
        int end = (int)Math.Clamp(Math.Ceiling(start + length), first + 1, limit);
        return (first, end - first);
    }
}
