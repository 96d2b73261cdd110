using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>What one image does to the measured filters of one layer; the arrays run along the filters.</summary>
/// <param name="Probe">The layer and its measured filters.</param>
/// <param name="Means">Mean of each map.</param>
/// <param name="Maxima">Largest value of each map.</param>
/// <param name="Positions">Where it is, in row-major order.</param>
/// <param name="Columns">Width of the maps; 0 for a dense layer.</param>
internal sealed record LayerActivations(LayerProbe Probe, float[] Means, float[] Maxima, long[] Positions, int Columns)
{
    /// <summary>The maps themselves, row by row, where they are kept; else null.</summary>
    public float[][]? Maps { get; init; }

    /// <summary>What the image does to one filter.</summary>
    /// <param name="index">Its place among those that are measured.</param>
    /// <param name="path">The image's file.</param>
    public FilterActivation At(int index, string path)
    {
        CnnLayer layer = Probe.Layer;
        int filter = Probe.Filters[index];
        MapPosition? position = Columns == 0 ? null : new((int)(Positions[index] / Columns), (int)(Positions[index] % Columns));
        LayerShape image = layer.Model.InputShape;
        return new FilterActivation
        {
            Model = layer.Model.Name,
            ModelSha256 = layer.Model.Sha256,
            Layer = layer.Name,
            Filter = filter,
            ClassName = Probe.ClassNames.Count > 0 ? Probe.ClassNames[filter] : null,
            Path = path,
            Mean = Means[index],
            Max = Maxima[index],
            Position = position,
            Patch = position is { } at
                ? layer.ReceptiveField.PatchAt(at.Row, at.Column, image.Height, image.Width)
                : new ImagePatch(0, 0, image.Height, image.Width),
            Map = Maps?[index],
        };
    }
}
