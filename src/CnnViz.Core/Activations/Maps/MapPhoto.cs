using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>What a network sees of a photo, in more detail than it sees: what maps are drawn over.</summary>
/// <param name="Pixels">The picture, a whole number of times as large as the network's input.</param>
/// <param name="Scale">That number.</param>
internal sealed record MapPhoto(PictureBytes Pixels, int Scale)
{
    // A side that is large enough to look at.
    private const int LeastSide = 448;

    /// <summary>Reads a photo.</summary>
    /// <param name="path">Full path of its file.</param>
    /// <param name="shape">The network's input.</param>
    /// <exception cref="CnnVizException">It cannot be read.</exception>
    public static MapPhoto Read(string path, LayerShape shape)
    {
        int scale = (LeastSide - 1) / Math.Max(shape.Height, shape.Width) + 1;
        return new MapPhoto(ImageFile.ReadDetailed(path, shape.Channels, shape.Height, shape.Width, scale), scale);
    }
}
