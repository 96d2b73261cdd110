using CnnViz.Patterns.Drawing;
using CnnViz.Patterns.Training;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Patterns.Deceivers;

/// <summary>Painted pictures as files: the nature of networks that know patterns.</summary>
internal static class PatternFolder
{
    // No training run has this seed.
    private const ulong Seed = 0xF4E5_0000_0000_0002;

    /// <summary>Paints pictures of each pattern, in all hues in turn.</summary>
    /// <param name="folder">Where they go; named by their patterns, such as <c>rings_0003.png</c>.</param>
    /// <param name="perPattern">Number of pictures of each pattern.</param>
    /// <returns>Paths of the files, pattern by pattern.</returns>
    public static IReadOnlyList<string> Write(string folder, int perPattern)
    {
        var painter = new PatternPainter(Trainer.PictureSize);
        var pixels = new float[painter.PictureLength];
        var paths = new List<string>();
        for (int pattern = 0; pattern < PatternCatalog.All.Count; pattern++)
        {
            for (int i = 0; i < perPattern; i++)
            {
                ulong number = (ulong)(pattern * perPattern + i);
                painter.Paint(new PatternLabel(pattern, (i + pattern) % Hue.All.Count), new RandomSource(Seed, number), pixels);
                paths.Add(Path.Combine(folder, $"{PatternCatalog.Names[pattern]}_{i:0000}.png"));
                using torch.Tensor picture = torch.tensor(pixels, [3, Trainer.PictureSize, Trainer.PictureSize]);
                ImageFile.Write(picture, paths[^1], PictureFormat.Png, null, new PictureFacts("a painted pattern", "{}"));
            }
        }

        return paths;
    }
}
