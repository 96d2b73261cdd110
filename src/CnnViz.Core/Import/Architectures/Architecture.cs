using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>A published network whose weight files do not carry its graph.</summary>
/// <param name="Name">Its name, which is torchvision's where it has one.</param>
/// <param name="Describe">Puts the network together, and gives its output.</param>
internal sealed record Architecture(string Name, Func<TorchNetwork, Value> Describe)
{
    /// <summary>Height and width of the images that its published weights were tested with.</summary>
    public int InputSize { get; init; } = 224;

    /// <summary>Width of these images where it is not their height.</summary>
    public int? InputWidth { get; init; }

    /// <summary>What is added to the variance in its normalizations.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>What its published weights were trained with.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.ImageNet with { Source = PreprocessingSource.Convention };

    /// <summary>Whether convolutions pad as TensorFlow's "same" does: an odd pixel at the end, and by the size of the image.</summary>
    public bool PadsAsTensorFlow { get; init; }

    /// <summary>Other names that its tensors are known by.</summary>
    public IReadOnlyList<KeyLayout> Layouts { get; init; } = [];

    /// <summary>Finds a tensor under names that are like the one that is wanted; null for that name alone.</summary>
    public Func<StateDict, string, StateTensor?>? Find { get; init; }

    /// <summary>Beginnings of the keys of parts that serve training alone.</summary>
    public IReadOnlyList<string> TrainingOnly { get; init; } = [];

    /// <summary>Parts of the file that the network does without: keys, or what comes before a dot or slash in them.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];

    /// <summary>What the user should know about a network that was inferred, a sentence or more; else null.</summary>
    public string? Remark { get; init; }

    /// <summary>Whether the network does without a tensor.</summary>
    public bool IsOmitted(string key) => Omitted.Any(part =>
        key.StartsWith(part, StringComparison.Ordinal) && (key.Length == part.Length || key[part.Length] is '.' or '/'));
}
