using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The mean magnitude spectrum of pictures, for <see cref="ImageParameter.Phase"/>.</summary>
/// <param name="paths">Paths of picture files; at least one. Each is read once for every size of ascents.</param>
internal sealed class PictureSpectrum(PictureList paths)
{
    private (object Key, float[] Values)? _last;

    /// <summary>The pictures.</summary>
    public PictureList Pictures => paths;

    /// <summary>The mean of the magnitudes of the pictures' raw values.</summary>
    /// <param name="settings">How a picture becomes raw values.</param>
    /// <param name="channels">Channels of the ascent's images.</param>
    /// <param name="height">Their height; each picture is resized to fill it and cut around its centre.</param>
    /// <param name="width">Their width.</param>
    /// <returns>C×H×(W/2+1); belongs to the caller's dispose scope.</returns>
    /// <exception cref="CnnVizException">One of the pictures cannot be read.</exception>
    public torch.Tensor Magnitudes(ImageSettings settings, int channels, int height, int width)
    {
        object key = (settings.Range, settings.DecorrelateColors, channels, height, width);
        if (_last?.Key.Equals(key) != true)
        {
            _last = (key, Mean(settings, channels, height, width));
        }

        return torch.tensor(_last!.Value.Values, [channels, height, width / 2 + 1]);
    }

    private float[] Mean(ImageSettings settings, int channels, int height, int width)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor sum = torch.zeros(channels, height, width / 2 + 1);
        foreach (string path in paths)
        {
            if (!File.Exists(path))
            {
                throw new CnnVizException(
                    "PathNotFound",
                    $"The recipe takes its spectrum from '{path}', which does not exist or is not a picture on this machine.",
                    "Give the pictures: New-CnnRecipe -From … -Spectrum.");
            }

            using DisposeScope one = torch.NewDisposeScope();
            torch.Tensor picture = ImageFile.Read(path, channels, height, width).unsqueeze(0);
            sum.AddInPlace(torch.fft.rfft2(AscentImage.ToRaw(settings, picture))[0].abs());
        }

        return [.. sum.Div(paths.Count).data<float>()];
    }
}
