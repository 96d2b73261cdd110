using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>Parts of natural pictures at fixed places, with what every filter of a layer makes of them: what nature shows, whatever filter is asked for.</summary>
/// <param name="layer">The layer.</param>
/// <param name="pictures">Number of natural pictures.</param>
internal sealed class PatchPool(CnnLayer layer, int pictures)
{
    // From so many pictures at most, evenly over all.
    private const int SampleSize = 256;

    // Places in a map, as shares of its sides.
    private static readonly (double Row, double Column)[] s_places = [(0.5, 0.5), (0.25, 0.25), (0.25, 0.75), (0.75, 0.25), (0.75, 0.75)];

    private int _count;

    /// <summary>The patches: where they are, and the activation of every filter there.</summary>
    public List<(string Path, float[] Activations)> Patches { get; } = [];

    /// <summary>Takes a natural picture in.</summary>
    /// <param name="path">Path of its file.</param>
    /// <param name="output">The layer's output: 1×C×H×W, or 1×C.</param>
    /// <param name="windowAt">What a position of the map sees.</param>
    /// <returns>The parts of the picture that were added.</returns>
    public PictureWindow[] Add(string path, torch.Tensor output, Func<int, int, PictureWindow> windowAt)
    {
        if (_count++ % Math.Max(1, (pictures + SampleSize - 1) / SampleSize) != 0)
        {
            return [];
        }

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor maps = output.reshape(layer.Filters, output.dim() == 4 ? output.shape[2] : 1, -1);
        (int Row, int Column)[] positions =
            [.. s_places.Select(place => ((int)(place.Row * maps.shape[1]), (int)(place.Column * maps.shape[2]))).Distinct()];
        Patches.AddRange(positions.Select(position => (path, maps.select(1, position.Row).select(1, position.Column).ToFloats())));
        return [.. positions.Select(position => windowAt(position.Row, position.Column))];
    }
}
