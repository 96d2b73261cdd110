using CnnViz.Pictures.Codecs;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing;
using SixLabors.ImageSharp.Processing.Processors.Transforms;

namespace CnnViz.Pictures;

/// <summary>What a pixel of a picture of another size is made of.</summary>
internal enum PictureFilter
{
    /// <summary>The nearest pixel.</summary>
    Nearest,

    /// <summary>The mean of what it covers.</summary>
    Box,

    /// <summary>Bilinear; where pictures become smaller, over all that a pixel covers: as networks were trained.</summary>
    Triangle,

    /// <summary>Sharp; for larger pictures.</summary>
    CatmullRom,

    /// <summary>Between sharp and soft; for much larger pictures.</summary>
    Mitchell,

    /// <summary>Sharp; for smaller pictures.</summary>
    Lanczos,
}

/// <summary>Pictures at other sizes.</summary>
internal static class PictureResizing
{
    /// <summary>An opaque picture at another size.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="height">Its new height in pixels.</param>
    /// <param name="width">Its new width in pixels.</param>
    /// <param name="filter">What the new pixels are made of.</param>
    /// <exception cref="CnnVizException">There would be more pixels than are read of a file: a very long picture was to be made as wide as
    /// others (PictureTooLarge).</exception>
    public static PictureBytes Resize(this PictureBytes picture, long height, long width, PictureFilter filter)
    {
        if (picture.Height == height && picture.Width == width)
        {
            return picture;
        }

        if (height > PictureHeader.MaxPixels / width)
        {
            throw new CnnVizException(
                "PictureTooLarge",
                $"A picture of {picture.Height}×{picture.Width} pixels would have {height:N0}×{width:N0}.",
                "Give pictures that are not so much longer than they are wide.");
        }

        return picture.Depth == 1
            ? Resize<L8>(picture, (int)height, (int)width, filter)
            : Resize<Rgb24>(picture, (int)height, (int)width, filter);
    }

    private static PictureBytes Resize<TPixel>(PictureBytes picture, int height, int width, PictureFilter filter)
        where TPixel : unmanaged, IPixel<TPixel>
    {
        using Image<TPixel> image = Image.LoadPixelData<TPixel>(PictureEncoder.Configuration, picture.Samples, picture.Width, picture.Height);
        IResampler resampler = filter switch
        {
            PictureFilter.Nearest => KnownResamplers.NearestNeighbor,
            PictureFilter.Box => KnownResamplers.Box,
            PictureFilter.CatmullRom => KnownResamplers.CatmullRom,
            PictureFilter.Mitchell => KnownResamplers.MitchellNetravali,
            PictureFilter.Lanczos => KnownResamplers.Lanczos3,
            _ => KnownResamplers.Triangle,
        };
        image.Mutate(context => context.Resize(width, height, resampler, compand: false));
        var samples = new byte[height * width * picture.Depth];
        image.CopyPixelDataTo(samples);
        return picture with { Samples = samples, Height = height, Width = width };
    }
}
