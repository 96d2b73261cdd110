using CnnViz.Import.Drafts;
using CnnViz.Import.Hub;
using CnnViz.Import.Keras;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>Reads files that have weights alone: the network is one of the architectures, or one that the user describes.</summary>
internal static class ArchitectureReader
{
    /// <summary>Reads a file if it is one of weights.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="architecture">An architecture's name, or the path of a description; null to find out.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <returns>The model; null for a file of another kind.</returns>
    /// <exception cref="CnnVizException">The file is damaged, or no network fits it.</exception>
    public static ModelSource? TryRead(string path, string? architecture, (int Height, int Width)? inputSize = null)
    {
        using StateDict? tensors = StateDictReader.TryRead(path);
        if (tensors is null)
        {
            return null;
        }

        HubConfig config = HubFolder.ConfigOf(path);
        string name = config.Architecture ?? $"{HubFolder.NameOf(path)} {Path.GetFileName(path)}";
        string? chosen = architecture ?? SilentTwins.Find(name, tensors);
        ArchitectureMatch match = OwnNetwork(tensors, chosen)
            ?? ArchitectureChooser.Choose(Path.GetFileName(path), tensors, chosen, ToExtent(inputSize));
        ModelSource source = ToSource(tensors, match);
        return source with
        {
            Preprocessing = config.Preprocessing ?? source.Preprocessing,
            UsualSize = config.InputSize ?? source.UsualSize,
            UsualWidth = config.InputSize is null ? source.UsualWidth : config.InputWidth ?? config.InputSize,
            Remark = Join(match.Remark, chosen is null ? SilentTwins.Doubt(name, match, tensors) : null, config.Remark),
            OutputClasses = config.ClassNames?.Count == match.OutputChannels ? config.ClassNames : null,
        };
    }

    /// <summary>Makes a model of tensors.</summary>
    /// <param name="file">Name of their file, for messages.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="architecture">An architecture's name, or the path of a description; null to find out.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <exception cref="CnnVizException">No network fits them.</exception>
    public static ModelSource Read(string file, StateDict tensors, string? architecture, (int Height, int Width)? inputSize) =>
        ToSource(tensors, ArchitectureChooser.Choose(file, tensors, architecture, ToExtent(inputSize)));

    private static Extent? ToExtent((int Height, int Width)? size) => size is { } given ? new(given.Height, given.Width) : null;

    private static ModelSource ToSource(StateDict tensors, ArchitectureMatch match) =>
        new(
            match.Build(),
            tensors.Format,
            match.ImageChannels,
            Height: null,
            Width: null,
            match.Architecture.Preprocessing,
            new Dictionary<string, IReadOnlyList<string>>())
        {
            Architecture = match.Architecture.Name,
            UsualSize = match.Architecture.InputSize,
            Remark = match.Remark,
            UsualWidth = match.Architecture.InputWidth,
        };

    /// <summary>Drafts a description of the network that a file of weights belongs to.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <exception cref="CnnVizException">The file has its network in it, or is of one that is known; it is damaged, has no convolution, or no
    /// layer that takes an image.</exception>
    public static NetworkDraft Draft(string path, (int Height, int Width)? inputSize)
    {
        string file = Path.GetFileName(path);
        using StateDict? tensors = StateDictReader.TryRead(path);
        return tensors is not null ? Draft(file, tensors, inputSize)
            : KerasReader.Draft(path, inputSize) ?? throw NotNeeded($"'{file}' is no file of weights alone");
    }

    /// <summary>Drafts a description of the network that tensors belong to.</summary>
    /// <param name="file">Name of their file, for messages.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <exception cref="CnnVizException">The network is known, or none can be drafted.</exception>
    public static NetworkDraft Draft(string file, StateDict tensors, (int Height, int Width)? inputSize)
    {
        if ((OwnNetwork(tensors, null) ?? ArchitectureChooser.Fitting(tensors).FirstOrDefault() ?? ArchitectureChooser.Backbone(tensors)) is { } known)
        {
            throw NotNeeded($"'{file}' has the weights of {known.Architecture.Name}, which CnnViz knows");
        }

        return DraftedArchitecture.Draft(file, tensors, ToExtent(inputSize));
    }

    private static CnnVizException NotNeeded(string why) => new("DraftNotNeeded", $"{why}.", "Import it without -Draft.");

    // A module that was saved whole tells its network, unless the user knows better.
    private static ArchitectureMatch? OwnNetwork(StateDict tensors, string? architecture) =>
        architecture is null && tensors.Module is { } module && ModuleNetwork.TryMake(module) is { } own
            && new ArchitectureMatch(own, tensors) is { Fits: true } match
            ? match
            : null;

    private static string? Join(params string?[] sentences) =>
        string.Join(' ', sentences.Where(sentence => sentence is not null)) is { Length: > 0 } text ? text : null;
}
