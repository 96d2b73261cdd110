using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Showing.Files;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>Pictures on the disk, made where they are not there yet, and always measured as they are read back.</summary>
/// <param name="folder">Where they are.</param>
internal sealed class SavedPictures(string folder)
{
    /// <summary>The picture of a filter: C×H×W, 0…1, the caller's; and the seconds that it took, or null where it was there.</summary>
    public (torch.Tensor Picture, double? Seconds) Get(CnnFilter filter, Func<FilterImage> make)
    {
        string path = Path.Combine(folder, PortableName.Of($"{filter.Layer}_{filter.Index:0000}") + ".png");
        double? seconds = null;
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(folder);
            using FilterImage image = make();
            seconds = image.Elapsed.TotalSeconds;
            new PictureFiles(path, PictureFormat.Png).Write(Picture.Of(image), path, null);
        }

        return (ImageFile.ReadExact(path, filter.Model.InputShape.Channels), seconds);
    }
}
