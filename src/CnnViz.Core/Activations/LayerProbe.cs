using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>Reads the activations of some filters of a layer off its output.</summary>
/// <param name="layer">The layer.</param>
/// <param name="filters">Numbers of the filters, in the order in which they are wanted.</param>
/// <param name="keepsMaps">Whether the maps themselves are kept.</param>
internal sealed class LayerProbe(CnnLayer layer, int[] filters, bool keepsMaps = false)
{
    public CnnLayer Layer => layer;

    public int[] Filters => filters;

    public IReadOnlyList<string> ClassNames { get; } = layer.ClassNames;

    /// <summary>The activations of each image.</summary>
    /// <param name="output">The layer's output: N×C×H×W, or N×C for a dense layer. It stays the caller's.</param>
    /// <param name="images">N, the number of images.</param>
    /// <exception cref="CnnVizException">The output has not one map a filter for each image.</exception>
    public LayerActivations[] Read(torch.Tensor output, int images)
    {
        if (output.dim() is not (2 or 4) || output.shape[0] != images || output.shape[1] != layer.Filters)
        {
            throw BatchRefused(layer.Name, null);
        }

        using DisposeScope scope = torch.NewDisposeScope();
        int columns = output.dim() == 4 ? (int)output.shape[3] : 0;
        torch.Tensor maps = output.reshape(images, layer.Filters, -1);
        bool isWhole = filters.Length == layer.Filters && filters.Select((filter, i) => filter == i).All(isSo => isSo);
        maps = isWhole ? maps : maps.index_select(1, torch.tensor(filters, dtype: torch.ScalarType.Int64, device: maps.device));
        (torch.Tensor largest, torch.Tensor places) = maps.max(2);
        float[] means = maps.mean([2]).ToFloats();
        float[] maxima = largest.ToFloats();
        long[] positions = places.ToLongs();
        float[] values = keepsMaps ? maps.ToFloats() : [];
        int size = values.Length / (images * filters.Length);
        return [.. Enumerable.Range(0, images).Select(image =>
        {
            Range own = (image * filters.Length)..((image + 1) * filters.Length);
            return new LayerActivations(this, means[own], maxima[own], positions[own], columns)
            {
                Maps = keepsMaps ? [.. Enumerable.Range(image * filters.Length, filters.Length).Select(map => values.AsSpan(map * size, size).ToArray())] : null,
            };
        })];
    }

    /// <summary>The error for a network that takes one image at a time only.</summary>
    public static CnnVizException BatchRefused(string layer, Exception? inner) => new(
        "BatchRefused", $"'{layer}' does not take several images at once.", "Use a -BatchSize of 1.", inner);
}
