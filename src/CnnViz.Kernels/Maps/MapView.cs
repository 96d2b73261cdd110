namespace CnnViz.Kernels;

/// <summary>
/// The maps of all images of a batch in memory: the channels of a pixel side by side, pixels in rows. Around each map lies a halo of
/// zeros, so that windows need not know where it ends.
/// </summary>
internal readonly unsafe struct MapView(float* origin, long imageStride, int rowStride, int pixelStride, MapShape shape, int images)
{
    private readonly long _imageStride = imageStride;

    /// <summary>Values from one row to the next.</summary>
    public int RowStride { get; } = rowStride;

    /// <summary>Values from one pixel to the next.</summary>
    public int PixelStride { get; } = pixelStride;

    public MapShape Shape { get; } = shape;

    public int Images { get; } = images;

    /// <summary>Pixels of all images.</summary>
    public int Pixels => Images * Shape.Pixels;

    /// <summary>The first pixel of an image.</summary>
    public float* Image(int image) => origin + image * _imageStride;

    /// <summary>A pixel by its place in one image; it may lie in the halo.</summary>
    public float* At(int image, int row, int column) => origin + image * _imageStride + (long)row * RowStride + (long)column * PixelStride;

    /// <summary>A pixel by its number: image by image, row by row.</summary>
    public float* Pixel(int number)
    {
        (int image, int row, int column) = Place(number);
        return At(image, row, column);
    }

    /// <summary>Where the pixel of a number lies.</summary>
    public (int Image, int Row, int Column) Place(int number)
    {
        (int image, int pixel) = Math.DivRem(number, Shape.Pixels);
        (int row, int column) = Math.DivRem(pixel, Shape.Width);
        return (image, row, column);
    }
}
