using CnnViz.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import;

/// <summary>What a reader makes of a file.</summary>
/// <param name="Graph">The network; the receiver owns it.</param>
/// <param name="Format">Name of the format.</param>
/// <param name="Channels">Channels of the input image.</param>
/// <param name="Height">Height of the input, or null where the file leaves it open.</param>
/// <param name="Width">Width of the input, or null where the file leaves it open.</param>
/// <param name="Preprocessing">What the file says, or what its origin suggests (see its source).</param>
/// <param name="ClassNames">Class names that the file states, by layer.</param>
internal sealed record ModelSource(
    Graph Graph,
    string Format,
    int Channels,
    int? Height,
    int? Width,
    Preprocessing Preprocessing,
    IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNames)
{
    /// <summary>The architecture that the network was made of; null where the file has the network itself.</summary>
    public string? Architecture { get; init; }

    /// <summary>Height and width of the input where the file leaves them open.</summary>
    public int UsualSize { get; init; } = 224;

    /// <summary>Names of the classes of the network's output, where something beside the file says them.</summary>
    public IReadOnlyList<string>? OutputClasses { get; init; }

    /// <summary>Width of the input where the file leaves it open and it is not <see cref="UsualSize"/>.</summary>
    public int? UsualWidth { get; init; }

    /// <summary>What the user should know about layers that cannot be seen, a sentence; null where all can.</summary>
    public string? Remark { get; init; }
}
