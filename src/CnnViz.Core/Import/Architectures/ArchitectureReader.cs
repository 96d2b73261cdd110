using CnnViz.Import.Hub;

namespace CnnViz.Import.Architectures;

/// <summary>Reads files that have weights alone: the network is one of the architectures, or one that the user describes.</summary>
internal static class ArchitectureReader
{
    /// <summary>Reads a file if it is one of weights.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="architecture">An architecture's name, or the path of a description; null to find out.</param>
    /// <returns>The model; null for a file of another kind.</returns>
    /// <exception cref="CnnVizException">The file is damaged, or no network fits it.</exception>
    public static ModelSource? TryRead(string path, string? architecture)
    {
        using StateDict? tensors = StateDictReader.TryRead(path);
        if (tensors is null)
        {
            return null;
        }

        HubConfig config = HubFolder.ConfigOf(path);
        string name = config.Architecture ?? $"{HubFolder.NameOf(path)} {Path.GetFileName(path)}";
        architecture ??= SilentTwins.Find(name, tensors);
        ArchitectureMatch match = OwnNetwork(tensors, architecture) ?? ArchitectureChooser.Choose(Path.GetFileName(path), tensors, architecture);
        return new ModelSource(
            match.Build(),
            tensors.Format,
            match.ImageChannels,
            Height: null,
            Width: null,
            config.Preprocessing ?? match.Architecture.Preprocessing,
            new Dictionary<string, IReadOnlyList<string>>())
        {
            Architecture = match.Architecture.Name,
            UsualSize = config.InputSize ?? match.Architecture.InputSize,
            Remark = Join(match.Remark, architecture is null ? SilentTwins.Doubt(name, match, tensors) : null),
            OutputClasses = config.ClassNames?.Count == match.OutputChannels ? config.ClassNames : null,
        };
    }

    // A module that was saved whole tells its network, unless the user knows better.
    private static ArchitectureMatch? OwnNetwork(StateDict tensors, string? architecture) =>
        architecture is null && tensors.Module is { } module && ModuleNetwork.TryMake(module) is { } own
            && new ArchitectureMatch(own, tensors) is { Fits: true } match
            ? match
            : null;

    private static string? Join(params string?[] sentences) =>
        string.Join(' ', sentences.Where(sentence => sentence is not null)) is { Length: > 0 } text ? text : null;
}
