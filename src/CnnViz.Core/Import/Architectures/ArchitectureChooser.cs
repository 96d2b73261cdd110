using CnnViz.Import.Architectures.Backbones;
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
    /// <returns>The architecture, which fits.</returns>
    /// <exception cref="CnnVizException">No architecture has the name, or the description is wrong.</exception>
    /// <exception cref="ModelFormatException">The named one does not fit; or none fits, or several do.</exception>
    public static ArchitectureMatch Choose(string file, StateDict tensors, string? architecture) =>
        architecture is null ? Guess(file, tensors) : Check(file, Named(architecture), tensors);

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
        return best.Fits ? best : BackboneChooser.TryChoose(tensors, [architecture]) ?? throw new ModelFormatException(
            "ArchitectureMismatch",
            $"The weights of '{file}' are not those of {architecture.Name}: {best.Difference}.",
            "Choose another -Architecture, or leave it out to have it guessed.");
    }

    private static ArchitectureMatch Guess(string file, StateDict tensors)
    {
        ArchitectureMatch[] all = [.. ArchitectureList.All.SelectMany(architecture => Matches(architecture, tensors))];
        ArchitectureMatch[] fitting = [.. all.Where(match => match.Fits).DistinctBy(match => match.Architecture)];
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

        if (BackboneChooser.TryChoose(tensors, ArchitectureList.All.Concat(ArchitectureList.Families)) is { } backbone)
        {
            return backbone;
        }

        // One with which it shares less than half says nothing.
        ArchitectureMatch nearest = all.MinBy(match => match.Mismatches)!;
        string hint = 2 * nearest.Missing.Count < nearest.Expected.Count
            ? $" Nearest is {nearest.Architecture.Name}: {nearest.Difference}."
            : string.Empty;
        throw new ModelFormatException(
            "ArchitectureNotFound",
            $"'{file}' holds weights without a network, and they are those of none that CnnViz knows.{hint}",
            "Describe the network in a text file and give it with -Architecture (about_CnnViz_Models), or export the model as ONNX.");
    }

    private static IEnumerable<ArchitectureMatch> Matches(Architecture architecture, StateDict tensors) =>
    [
        new(architecture, tensors, architecture.Find is { } find ? key => find(tensors, key) : null),
        .. architecture.Layouts.Select(layout => new ArchitectureMatch(architecture, tensors, layout.Apply(tensors).GetValueOrDefault)),
    ];
}
