namespace CnnViz.Activations;

/// <summary>What one image does to all filters that are measured, or why it could not be measured.</summary>
public sealed class ImageActivations
{
    internal ImageActivations(string path, IReadOnlyList<LayerActivations> layers)
    {
        Path = path;
        Layers = layers;
    }

    internal ImageActivations(string path, CnnVizException failure)
        : this(path, []) => Failure = failure;

    /// <summary>Full path of the image's file.</summary>
    public string Path { get; }

    /// <summary>Why the image could not be measured; null if it was.</summary>
    public CnnVizException? Failure { get; }

    /// <summary>One a filter, layer by layer; none if the image could not be measured.</summary>
    public IEnumerable<FilterActivation> Activations =>
        Layers.SelectMany(layer => layer.Maxima.Select((_, filter) => layer.At(filter, Path)));

    internal IReadOnlyList<LayerActivations> Layers { get; }
}
