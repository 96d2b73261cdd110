using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Showing.Files;
using TorchSharp;

namespace CnnViz.Showing.Sheets;

/// <summary>A picture on its way to a sheet: its pixels in 8 bits, its label and its facts. The picture that it is of is not needed any more.</summary>
public sealed class SheetTile
{
    // Where no size is wanted, larger pictures are made smaller.
    internal const int MaxSide = 1024;

    // Below this many times its size, a picture is enlarged smoothly; from it on, its pixels stay squares.
    private const double SharpScale = 2;

    private readonly byte[]? _pixels;

    private SheetTile(Picture picture, string model, string modelSha256, string layer, byte[]? pixels, (int Height, int Width) size, SheetOptions options)
    {
        _pixels = pixels;
        (Height, Width) = size;
        (Model, ModelSha256, Layer) = (model, modelSha256, layer);
        Label = SheetLabel.Of(picture, options);
        Names = picture.Names;
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal.</summary>
    public string ModelSha256 { get; }

    /// <summary>Name of the layer.</summary>
    public string Layer { get; }

    /// <summary>Height in pixels, as large as it will be needed.</summary>
    public int Height { get; }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    internal IReadOnlyList<SheetLabelLine> Label { get; }

    internal IReadOnlyDictionary<string, object> Names { get; }

    /// <summary>How the ascent ended; null for what is not of an ascent.</summary>
    internal AscentStatus? Status { get; private init; }

    internal bool HasSignal => _pixels is not null;

    /// <summary>The picture of a filter.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="options">How the sheet looks.</param>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    /// <exception cref="CnnVizException">The label has a format that does not fit.</exception>
    public static SheetTile Of(FilterImage image, SheetOptions options)
    {
        Picture picture = Picture.Of(image).With("Verdict", options.VerdictOf(image) is { } verdict ? verdict.ToString() : string.Empty);
        (byte[] pixels, (int, int) size) = Shrink(picture, options);
        return new SheetTile(picture, image.Model, image.ModelSha256, image.Layer, image.HasSignal ? pixels : null, size, options)
        {
            Status = image.Status,
        };
    }

    /// <summary>The part of an image that fires a filter, or a map over an image.</summary>
    /// <param name="activation">What the image does to the filter.</param>
    /// <param name="options">How the sheet looks.</param>
    /// <exception cref="CnnVizException">The label has a format that does not fit.</exception>
    public static SheetTile Of(ActivationPicture activation, SheetOptions options)
    {
        var picture = Picture.Of(activation);
        (byte[] pixels, (int, int) size) = Shrink(picture, options);
        return new SheetTile(picture, activation.Model, activation.ModelSha256, activation.Layer, pixels, size, options);
    }

    /// <summary>The pixels at the size at which they fit a place.</summary>
    /// <param name="height">Height of the place.</param>
    /// <param name="width">Width of the place.</param>
    /// <returns>height × width × 3, RGB, and the height and width that came out.</returns>
    internal (byte[] Pixels, int Height, int Width) Fit(int height, int width)
    {
        (int newHeight, int newWidth) = FittingSize(Height, Width, height, width);
        if (newHeight == Height && newWidth == Width)
        {
            return (_pixels!, Height, Width);
        }

        var picture = new PictureBytes(_pixels!, Height, Width, 3);
        int times = (int)Math.Ceiling(Math.Max((double)newHeight / Height, (double)newWidth / Width));
        PictureBytes fitting = times >= SharpScale
            ? picture.Resize(Height * times, Width * times, PictureFilter.Nearest).Resize(newHeight, newWidth, PictureFilter.Box)
            : picture.Resize(newHeight, newWidth, PictureFilter.CatmullRom);
        return (fitting.Samples, newHeight, newWidth);
    }

    private static (byte[] Pixels, (int Height, int Width) Size) Shrink(Picture picture, SheetOptions options)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        PictureBytes pixels = PictureBytes.Of(picture.Tensor()).ToRgb();
        (int height, int width) = options.TileSize ?? (MaxSide, MaxSide);
        if (pixels.Height > height || pixels.Width > width)
        {
            (int newHeight, int newWidth) = FittingSize(pixels.Height, pixels.Width, height, width);
            pixels = pixels.Resize(newHeight, newWidth, PictureFilter.Lanczos);
        }

        return (pixels.Samples, (pixels.Height, pixels.Width));
    }

    private static (int Height, int Width) FittingSize(int height, int width, int placeHeight, int placeWidth)
    {
        double scale = Math.Min((double)placeHeight / height, (double)placeWidth / width);
        int Side(int side, int place) => Math.Clamp((int)Math.Round(side * scale), 1, place);
        return (Side(height, placeHeight), Side(width, placeWidth));
    }
}
