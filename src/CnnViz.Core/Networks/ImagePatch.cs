namespace CnnViz.Networks;

/// <summary>A rectangle of an image, in pixels.</summary>
/// <param name="Top">Its first row.</param>
/// <param name="Left">Its first column.</param>
/// <param name="Height">Number of rows.</param>
/// <param name="Width">Number of columns.</param>
public readonly record struct ImagePatch(int Top, int Left, int Height, int Width)
{
    /// <summary>Such as <c>139×139 at 16, 32</c>: height and width, then the first row and column.</summary>
    public override string ToString() => $"{Height}×{Width} at {Top}, {Left}";
}
