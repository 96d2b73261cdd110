using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas.Comparison;

/// <summary>Filters of several models that are shown beside each other.</summary>
/// <param name="Title">Name of the layer that they are of, or what else they have in common.</param>
/// <param name="IsLayer">Whether it is the name of a layer.</param>
/// <param name="Rows">The filters.</param>
internal sealed record ComparedGroup(string Title, bool IsLayer, IReadOnlyList<ComparedRow> Rows)
{
    private const string Classes = "Classes";

    /// <summary>The page's folder, from the comparison's.</summary>
    public string Folder => $"compare/{(IsLayer ? AtlasAddress.Of(Title) : $"_{AtlasAddress.Of(Title)}")}";

    /// <summary>
    /// What models have in common: filters of the same number of layers of the same name and, where their layers of classes have other names or
    /// other orders, classes of the same name.
    /// </summary>
    /// <param name="models">The models.</param>
    public static IReadOnlyList<ComparedGroup> Of(IReadOnlyList<ComparedModel> models)
    {
        string?[] layers = [.. models.SelectMany(model => model.Contents.Layers.Where(layer => layer.Entries.Count > 0)).Select(layer => layer.Name).Distinct()];
        List<ComparedGroup> groups = [.. layers
            .OrderBy(name => name is null)
            .Select(name => (Name: name, Layers: models.Select(model => model.Contents.Find(name)).ToArray()))
            .Where(layer => layer.Layers.Count(of => of is { Entries.Count: > 0 }) > 1)
            .Select(layer => OfLayer(layer.Name, layer.Layers))];
        ComparedGroup classes = OfClasses(models);
        HashSet<string> known = [.. groups.SelectMany(group => group.Rows).Select(row => row.Key)];
        if (classes.Rows.Any(row => !known.Contains(row.Key)))
        {
            groups.Add(classes);
        }

        return groups;
    }

    private static ComparedGroup OfLayer(string? name, AtlasLayer?[] layers) => new(
        name ?? layers.First(layer => layer is not null)!.Title,
        name is not null,
        [.. layers.SelectMany(layer => layer?.Entries.Keys ?? []).Distinct().Order(StringComparer.Ordinal)
            .Select(key => new ComparedRow([.. layers.Select(layer =>
                layer is not null && layer.Entries.TryGetValue(key, out AtlasFilter? filter) ? new ComparedFilter(layer, filter) : null)]))]);

    private static ComparedGroup OfClasses(IReadOnlyList<ComparedModel> models)
    {
        Dictionary<string, ComparedFilter>[] classes = [.. models.Select(model => model.Contents.Layers
            .SelectMany(layer => layer.Entries.Values.Where(filter => filter.ClassName is not null).Select(filter => new ComparedFilter(layer, filter)))
            .GroupBy(filter => filter.Filter.ClassName!, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.First(), StringComparer.OrdinalIgnoreCase))];
        return new ComparedGroup(
            Classes,
            IsLayer: false,
            [.. classes.SelectMany(known => known.Keys).Distinct(StringComparer.OrdinalIgnoreCase)
                .Where(name => classes.Count(known => known.ContainsKey(name)) > 1)
                .Order(StringComparer.OrdinalIgnoreCase)
                .Select(name => new ComparedRow([.. classes.Select(known => known.GetValueOrDefault(name))]))]);
    }
}

/// <summary>A filter with its layer.</summary>
internal sealed record ComparedFilter(AtlasLayer Layer, AtlasFilter Filter);

/// <summary>The same of each model: one filter a model, null where it has none.</summary>
internal sealed record ComparedRow(IReadOnlyList<ComparedFilter?> Cells)
{
    /// <summary>The same for rows of the same filters.</summary>
    public string Key => string.Join('\n', Cells.Select(cell => cell is null ? string.Empty : $"{cell.Layer.Name}\t{cell.Filter.Order}"));

    /// <summary>A filter that stands for all.</summary>
    public AtlasFilter First => Cells.First(cell => cell is not null)!.Filter;
}
