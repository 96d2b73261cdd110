namespace CnnViz.Networks;

/// <summary>A rectangle of an image, in pixels.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">Number of rows.</param>
/// <param name="Width">Number of columns.</param>
public readonly record struct ImagePatch(int Top, int Left, int Height, int Width) : IComparable<ImagePatch>, IComparable
{
    /// <summary>Orders rectangles by height, then width, then place.</summary>
    public int CompareTo(ImagePatch other) => (Height, Width, Top, Left).CompareTo((other.Height, other.Width, other.Top, other.Left));

    int IComparable.CompareTo(object? obj) => obj is ImagePatch other ? CompareTo(other) : 1;

    /// <summary>Such as <c>139×139 at 16, 32</c>: height and width, then the first row and column.</summary>
    public override string ToString() => $"{Height}×{Width} at {Top}, {Left}";
}
