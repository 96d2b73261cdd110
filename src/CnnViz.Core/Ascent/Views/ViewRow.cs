using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Ascent;

/// <summary>Where the pixels of a row of a view lie in the image, in pixels from the middle of its first.</summary>
/// <param name="Across">From left to right, of the first pixel.</param>
/// <param name="Down">From top to bottom, of the first pixel.</param>
/// <param name="ColumnAcross">From left to right, from one pixel to the next.</param>
/// <param name="ColumnDown">From top to bottom, from one pixel to the next.</param>
internal readonly record struct ViewRow(float Across, float Down, float ColumnAcross, float ColumnDown)
{
    /// <summary>The row of a view that an affine map makes.</summary>
    /// <param name="map">2×3, from places in the view to places in the image, both −1…1 between the edges.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="view">Height and width of the view.</param>
    /// <param name="image">Height and width of the image.</param>
    public static ViewRow Of(ReadOnlySpan<float> map, int row, (int Height, int Width) view, (int Height, int Width) image)
    {
        float y = (2f * row + 1) / view.Height - 1;
        float x = 1f / view.Width - 1;

        // From the middle of the view's pixels to those of the image: (place · size − 1) / 2.
        return new ViewRow(
            ((map[0] * x + map[1] * y + map[2] + 1) * image.Width - 1) / 2,
            ((map[3] * x + map[4] * y + map[5] + 1) * image.Height - 1) / 2,
            map[0] * image.Width / view.Width,
            map[3] * image.Height / view.Width);
    }

    /// <summary>Places of eight pixels from a column on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (Vector256<float> Across, Vector256<float> Down) Places(int column)
    {
        Vector256<float> columns = Vector256.Create((float)column) + Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);
        return (Vector256.Create(Across) + columns * ColumnAcross, Vector256.Create(Down) + columns * ColumnDown);
    }

    /// <summary>The outermost places from top to bottom.</summary>
    /// <param name="width">Width of the view.</param>
    public (float Low, float High) Span(int width)
    {
        float end = Down + (width - 1) * ColumnDown;
        return (MathF.Min(Down, end), MathF.Max(Down, end));
    }
}
