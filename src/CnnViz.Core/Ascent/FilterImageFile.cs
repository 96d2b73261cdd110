using CnnViz.Pictures;
using CnnViz.Runtimes;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Pictures of filters out of the files that they were written to.</summary>
public static class FilterImageFile
{
    private const string Advice = "Give files that Export-FilterImage has written. Other programs often drop or change what a file says of itself.";

    /// <summary>Reads a picture and everything that its file says of it.</summary>
    /// <param name="path">Path of the file, in any format that pictures are written in.</param>
    /// <returns>The picture, which needs no model; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">There is no such file, it is no picture, or what it says of itself is missing, damaged, or not
    /// true of its pixels.</exception>
    public static FilterImage Read(string path)
    {
        NativeLibraries.EnsureLoaded();
        PictureFile file = PictureFile.Open(path);
        FilterImageFacts facts = FactsOf(file, path);
        PictureBytes pixels = file.Decode();
        (torch.Tensor picture, torch.Tensor? transparency) = ImageFile.Take(pixels, ChannelsOf(pixels, facts, path));
        return new FilterImage(picture, transparency, facts, Path.GetFullPath(path));
    }

    /// <summary>A picture that another process had.</summary>
    /// <param name="file">The bytes of a file of it.</param>
    /// <param name="path">Full path of the file that it was read from there, or null.</param>
    /// <param name="initialImage">Full path of the picture that the ascent began with there, or null.</param>
    /// <param name="elapsed">Time that it took.</param>
    /// <returns>The picture; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">As <see cref="Read"/>.</exception>
    internal static FilterImage FromBytes(byte[] file, string? path, string? initialImage, TimeSpan elapsed)
    {
        const string name = "a picture of another process";
        NativeLibraries.EnsureLoaded();
        var picture = new PictureFile(file, name);
        FilterImageFacts facts = FactsOf(picture, name);
        PictureBytes pixels = picture.Decode();
        (torch.Tensor tensor, torch.Tensor? transparency) = ImageFile.Take(pixels, ChannelsOf(pixels, facts, name));
        return new FilterImage(tensor, transparency, facts, path) { InitialImage = initialImage ?? facts.InitialImage, Elapsed = elapsed };
    }

    /// <summary>A picture as the bytes of a PNG file, with its transparency.</summary>
    /// <exception cref="ObjectDisposedException">The picture was disposed.</exception>
    internal static byte[] ToBytes(FilterImage image)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        PictureBytes pixels = PictureBytes.Of(image.Tensor, image.Transparency);
        return ImageFile.ToFile(pixels, PictureFormat.Png, quality: null, FilterImageFacts.Of(image).ToPictureFacts());
    }

    /// <summary>Reads what a file says of its picture, without the pixels.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="CnnVizException">As <see cref="Read"/>.</exception>
    internal static FilterImageFacts ReadFacts(string path) => FactsOf(PictureFile.Open(path), path);

    private static FilterImageFacts FactsOf(PictureFile file, string path)
    {
        if (file.HasFrames)
        {
            throw new CnnVizException("PictureIsAnimation", $"'{path}' is an animation, not a picture.", "Leave it out.");
        }

        if (file.Text is not { } json || !FactsText.Has(json, "modelSha256"))
        {
            throw new CnnVizException("PictureFactsMissing", $"'{path}' does not contain the facts of its model and filter.", Advice);
        }

        if (FactsText.Has(json, "method"))
        {
            throw new CnnVizException("PictureIsMap", $"'{path}' is a map over a photo, not the picture of a filter.", "Leave it out.");
        }

        // Of the others, only the parts of photos that fire a filter have a rank.
        if (FactsText.Has(json, "rank"))
        {
            throw new CnnVizException("PictureIsPatch", $"'{path}' is a part of a photo, not the picture of a filter.", "Leave it out.");
        }

        FilterImageFacts? facts = FactsText.TryRead<FilterImageFacts>(json);
        return facts is not null && facts.IsPlausible()
            ? facts
            : throw new CnnVizException("PictureFactsInvalid", $"The facts in '{path}' are damaged.", Advice);
    }

    // Files of older versions do not say it: then channels other than RGB's lie side by side.
    private static int ChannelsOf(PictureBytes image, FilterImageFacts facts, string path)
    {
        int channels = facts.Channels
            ?? (image.Width > facts.Width && image.Width % facts.Width == 0 ? image.Width / facts.Width
                : image.IsGrey ? 1
                : 3);
        return image.Height == facts.Height && image.Width == (long)facts.Width * (channels == 3 ? 1 : channels)
            ? channels
            : throw new CnnVizException(
                "PictureSizeMismatch",
                $"'{path}' has {image.Height}×{image.Width} pixels, but its facts say {facts.Height}×{facts.Width}.",
                "Use the original file: another program has changed the size of this one.");
    }
}
