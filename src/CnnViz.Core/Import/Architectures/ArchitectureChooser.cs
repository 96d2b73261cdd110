using CnnViz.Import.Architectures.Backbones;
using CnnViz.Import.Drafts;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>
/// Finds the architecture of a file of weights: the one that the user names, or the one whose tensors are those of the file.
/// </summary>
internal static class ArchitectureChooser
{
    /// <summary>Chooses.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="architecture">An architecture's name, or the path of a description; null to find out.</param>
    /// <param name="inputSize">Size of the image, if it is given, for networks that have to be inferred.</param>
    /// <returns>The architecture, which fits.</returns>
    /// <exception cref="CnnVizException">No architecture has the name, or the description is wrong.</exception>
    /// <exception cref="ModelFormatException">The named one does not fit; or several do, or none, and none can be inferred.</exception>
    public static ArchitectureMatch Choose(string file, StateDict tensors, string? architecture, Extent? inputSize = null) =>
        architecture is null ? Guess(file, tensors, inputSize) : Check(file, Named(architecture), tensors);

    /// <summary>The architectures whose tensors are those of a file.</summary>
    public static IReadOnlyList<ArchitectureMatch> Fitting(StateDict tensors) => Fitting(All(tensors));

    private static ArchitectureMatch[] Fitting(ArchitectureMatch[] all) =>
        [.. all.Where(match => match.Fits).DistinctBy(match => match.Architecture)];

    // The architectures are PyTorch's, which flattens maps in another order than Keras.
    private static ArchitectureMatch[] All(StateDict tensors) =>
        tensors.IsKeras ? [] : [.. ArchitectureList.All.SelectMany(architecture => Matches(architecture, tensors))];

    /// <summary>The architecture whose backbone is in a file, with what its keys tell of the head; null where there is none.</summary>
    public static ArchitectureMatch? Backbone(StateDict tensors) =>
        tensors.IsKeras ? null : BackboneChooser.TryChoose(tensors, ArchitectureList.All.Concat(ArchitectureList.Families));

    private static Architecture Named(string name) =>
        ArchitectureList.Find(name) ?? (File.Exists(name)
            ? NetworkDescription.Read(name)
            : throw new CnnVizException(
                "ArchitectureUnknown",
                $"There is no architecture '{name}', and no file of that name."
                + NearestNames.Hint(name, ArchitectureList.All.Select(known => known.Name)),
                "Complete the name with the Tab key, or give a file that describes the network (about_CnnViz_Models)."));

    private static ArchitectureMatch Check(string file, Architecture architecture, StateDict tensors)
    {
        ArchitectureMatch best = Matches(architecture, tensors).MinBy(match => match.Mismatches)!;
        bool isForeign = tensors.IsKeras && ArchitectureList.Find(architecture.Name) == architecture;
        if (isForeign)
        {
            throw new ModelFormatException(
                "ArchitectureMismatch",
                $"{architecture.Name} is a network of PyTorch's, and '{file}' has weights of Keras.",
                "Describe the network in a text file and give it with -Architecture (about_CnnViz_Models), or leave it out.");
        }

        return best.Fits ? best : BackboneChooser.TryChoose(tensors, [architecture]) ?? throw new ModelFormatException(
            "ArchitectureMismatch",
            $"The weights of '{file}' are not those of {architecture.Name}: {best.Difference}.",
            "Choose another -Architecture, or leave it out to have it guessed.");
    }

    private static ArchitectureMatch Guess(string file, StateDict tensors, Extent? inputSize)
    {
        ArchitectureMatch[] all = All(tensors);
        ArchitectureMatch[] fitting = Fitting(all);
        if (fitting is [var only])
        {
            return only;
        }

        if (fitting.Length > 1)
        {
            throw new ModelFormatException(
                "ArchitectureAmbiguous",
                $"The weights of '{file}' fit {string.Join(" and ", fitting.Select(match => match.Architecture.Name))}.",
                "Say which with -Architecture.");
        }

        if (Backbone(tensors) is { } backbone)
        {
            return backbone;
        }

        // One with which it shares less than half says nothing.
        ArchitectureMatch? nearest = all.MinBy(match => match.Mismatches);
        string hint = nearest is not null && 2 * nearest.Missing.Count < nearest.Expected.Count
            ? $" Nearest is {nearest.Architecture.Name}: {nearest.Difference}."
            : string.Empty;
        return DraftedArchitecture.Match(file, tensors, inputSize, hint);
    }

    private static IEnumerable<ArchitectureMatch> Matches(Architecture architecture, StateDict tensors) =>
    [
        new(architecture, tensors, architecture.Find is { } find ? key => find(tensors, key) : null),
        .. architecture.Layouts.Select(layout => new ArchitectureMatch(architecture, tensors, layout.Apply(tensors).GetValueOrDefault)),
    ];
}
