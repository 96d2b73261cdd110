using CnnViz.Catalogue;
using CnnViz.Networks;

namespace CnnViz.Import;

/// <summary>What the user says about a model; what is left out is read from the file or guessed.</summary>
public sealed record ImportOptions
{
    /// <summary>How a picture becomes the network's input; null to find out.</summary>
    public Preprocessing? Preprocessing { get; init; }

    /// <summary>Height and width of the input in pixels; null for the file's, or 224 where the file leaves them open.</summary>
    public (int Height, int Width)? InputSize { get; init; }

    /// <summary>Channels of the input of a module; null for what its weights tell.</summary>
    public int? InputChannels { get; init; }

    /// <summary>Names of the classes, as <see cref="ClassLists"/> has them; null for those that the file states.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>
    /// The network that a file of weights belongs to: an architecture's name, or the path of a text file that describes it. Null to
    /// find out.
    /// </summary>
    public string? Architecture { get; init; }

    /// <summary>
    /// Values of a network's inputs beside the image, by their names: one for all, or as many as the input has. Inputs without one are zeros.
    /// </summary>
    public IReadOnlyDictionary<string, float[]> Inputs { get; init; } = new Dictionary<string, float[]>();

    /// <summary>The published model that the file must be; null to find out, by its hash, whether it is one.</summary>
    public PublishedModel? Published { get; init; }

    /// <summary>The device to run on: <c>cpu</c>, <c>cuda</c>, <c>cuda:1</c>, <c>mps</c>.</summary>
    public string Device { get; init; } = "cpu";
}
