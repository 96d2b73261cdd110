namespace CnnViz.Quality;

/// <summary>A part of a picture, by its centre and its size, in pixels of the picture as the network sees it.</summary>
/// <param name="Row">Row of the centre; pixels are counted by their own centres, from 0.</param>
/// <param name="Column">Column of the centre.</param>
/// <param name="Height">Height.</param>
/// <param name="Width">Width.</param>
internal readonly record struct PictureWindow(double Row, double Column, double Height, double Width)
{
    /// <summary>All of a picture of any size.</summary>
    public static PictureWindow Whole { get; } = new(0, 0, double.PositiveInfinity, double.PositiveInfinity);
}
