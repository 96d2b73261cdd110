using CnnViz.Import.Architectures.Segmentation;

namespace CnnViz.Import.Architectures.Backbones;

/// <summary>Finds an architecture in a file that has another head than the published one, or the network among other things.</summary>
internal static class BackboneChooser
{
    // Modules within modules that a backbone may be in, and the part of the file's tensors that it has at least.
    private const int DeepestPrefix = 4;
    private const int SmallestPart = 4;

    // The module of the backbone in many architectures, which may have been saved alone.
    private const string Features = "features.";

    private static readonly Lazy<Dictionary<string, string>> s_firstKeys = new(FirstKeys);

    /// <summary>Chooses the largest backbone; no tensor is read.</summary>
    /// <param name="tensors">The tensors of the file.</param>
    /// <param name="architectures">Where to look, the preferred ones first.</param>
    /// <returns>The network; null where there is none.</returns>
    public static ArchitectureMatch? TryChoose(StateDict tensors, IEnumerable<Architecture> architectures) => Prefixes(tensors)
        .SelectMany(prefix => Find(tensors, prefix, [.. architectures.Where(architecture => architecture.Find is null)]))
        .OrderByDescending(backbone => backbone.Size)
        .Select(backbone => backbone.TryComplete())
        .FirstOrDefault(match => match is not null);

    private static IEnumerable<BackboneMatch> Find(StateDict tensors, string prefix, Architecture[] architectures)
    {
        StateTensor[] part = [.. tensors.Tensors
            .Where(tensor => tensor.Name.Length > prefix.Length && tensor.Name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(tensor => tensor with { Name = tensor.Name[prefix.Length..] })];
        var below = new StateDict(part, tensors.Format);
        Dictionary<KeyLayout, IReadOnlyDictionary<string, StateTensor>> layouts = architectures
            .SelectMany(architecture => architecture.Layouts).Distinct().ToDictionary(layout => layout, layout => layout.Apply(below));
        return architectures
            .Select(architecture => Finders(architecture).Where(find => FirstKeyOf(architecture) is not { } key || find(key) is not null)
                .Select(find => BackboneMatch.TryFind(tensors, prefix, architecture, key => Whole(find(key))))
                .FirstOrDefault(match => match is not null))
            .OfType<BackboneMatch>();

        StateTensor? Whole(StateTensor? found) =>
            found is not null && tensors.TryGet(prefix + found.Name, out StateTensor? whole) ? whole : null;

        IEnumerable<Func<string, StateTensor?>> Finders(Architecture architecture) =>
        [
            FindBelow,
            key => key.StartsWith(Features, StringComparison.Ordinal) && !prefix.EndsWith(Features, StringComparison.Ordinal) ? FindBelow(key[Features.Length..]) : null,
            .. architecture.Layouts.Select<KeyLayout, Func<string, StateTensor?>>(layout => layouts[layout].GetValueOrDefault),
        ];

        StateTensor? FindBelow(string key) => below.TryGet(key, out StateTensor? tensor) ? tensor : null;
    }

    // Spares most architectures the comparison. ResNets of any kind have no first key that is always there.
    private static string? FirstKeyOf(Architecture architecture) => s_firstKeys.Value.GetValueOrDefault(architecture.Name);

    private static Dictionary<string, string> FirstKeys()
    {
        using var none = new StateDict([], string.Empty);
        return ArchitectureList.All.Concat(ArchitectureList.Families).Except([ResNet.Family, ResUNet.Family]).ToDictionary(
            architecture => architecture.Name, architecture => new ArchitectureMatch(architecture, none).Expected[0].Key);
    }

    private static IEnumerable<string> Prefixes(StateDict tensors) => tensors.Tensors
        .SelectMany(tensor => Prefixes(tensor.Name))
        .GroupBy(prefix => prefix)
        .Where(group => SmallestPart * group.Count() >= tensors.Tensors.Count)
        .Select(group => group.Key);

    private static IEnumerable<string> Prefixes(string key)
    {
        yield return string.Empty;
        int end = -1;
        for (int depth = 0; depth < DeepestPrefix && (end = key.IndexOf('.', end + 1)) >= 0; depth++)
        {
            yield return key[..(end + 1)];
        }
    }
}
