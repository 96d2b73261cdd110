using CnnViz.Pictures;
using CnnViz.Showing.Drawing;

namespace CnnViz.Showing.Animations;

/// <summary>Where pictures lie side by side in a frame that is about as high as it is wide: row by row, each in the middle of its cell.</summary>
internal sealed class FrameGrid
{
    private const int Gap = 4;

    private readonly int _columns;
    private readonly int _cellHeight;
    private readonly int _cellWidth;
    private readonly int _margin;

    /// <summary>Finds the grid for pictures of such sizes; one picture alone has no margin.</summary>
    public FrameGrid(IReadOnlyList<(int Height, int Width)> sizes)
    {
        (_cellHeight, _cellWidth) = (sizes.Max(size => size.Height), sizes.Max(size => size.Width));
        _margin = sizes.Count == 1 ? 0 : Gap;
        double square = Math.Sqrt((double)sizes.Count * (_cellHeight + Gap) / (_cellWidth + Gap));
        _columns = Math.Clamp((int)Math.Ceiling(square - 1e-9), 1, sizes.Count);
        int rows = (sizes.Count + _columns - 1) / _columns;
        Height = rows * (_cellHeight + _margin) + _margin;
        Width = _columns * (_cellWidth + _margin) + _margin;
    }

    /// <summary>Height of the frame in pixels.</summary>
    public int Height { get; }

    /// <summary>Width of the frame in pixels.</summary>
    public int Width { get; }

    /// <summary>A frame without pictures.</summary>
    public Canvas Empty() => new(Height, Width, RgbColour.White);

    /// <summary>Puts a picture into its cell.</summary>
    public void Place(Canvas frame, PictureBytes picture, int index)
    {
        int top = _margin + index / _columns * (_cellHeight + _margin) + (_cellHeight - picture.Height) / 2;
        int left = _margin + index % _columns * (_cellWidth + _margin) + (_cellWidth - picture.Width) / 2;
        frame.Put(picture.ToRgb().Samples, top, left, picture.Height, picture.Width);
    }
}
