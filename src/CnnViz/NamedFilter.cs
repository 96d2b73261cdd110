using System.Management.Automation;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>
/// Filters that objects name: activations, pictures, patches and figures of this module, and rows of a table. Their properties Layer and Filter
/// say which filter it is, ModelSha256 and Model of which of the session's models.
/// </summary>
internal static class NamedFilter
{
    /// <summary>Finds one, or one in each of some layers.</summary>
    /// <param name="input">A filter, an object that names one, or a number where layers are given.</param>
    /// <param name="model">The model; null for the one that the object names or, where it names none, the one imported last.</param>
    /// <param name="layers">The layers; none for the one that the object names.</param>
    /// <exception cref="CnnVizException">The object names no filter, its model is not in the session, or has no such filter.</exception>
    public static IEnumerable<CnnFilter> Find(PSObject input, CnnModel? model, IReadOnlyList<CnnLayer> layers)
    {
        int? filter = Number(Value(input, "Filter")) ?? (layers.Count > 0 ? Number(input.BaseObject) : null);
        return layers.Count > 0 && filter is { } number ? layers.Select(layer => layer.GetFilter(number)) : [Find(input, model)];
    }

    /// <summary>Finds one.</summary>
    /// <inheritdoc cref="Find(PSObject, CnnModel, IReadOnlyList{CnnLayer})" />
    public static CnnFilter Find(PSObject input, CnnModel? model)
    {
        if (input.BaseObject is CnnFilter known)
        {
            return known;
        }

        if (Value(input, "Layer") is not { } layer || Number(Value(input, "Filter")) is not { } filter)
        {
            throw new CnnVizException(
                "NoFilter",
                $"'{input}' does not name a filter: it needs the properties Layer and Filter.",
                "Give filters, objectives, activations, pictures of filters or rows with Layer and Filter; or give -Layer with numbers.");
        }

        return (layer as CnnLayer ?? (model ?? ModelOf(input)).GetLayer(layer.ToString()!)).GetFilter(filter);
    }

    private static CnnModel ModelOf(PSObject input)
    {
        if (Value(input, "Model") is CnnModel model)
        {
            return model;
        }

        (string? hash, string? name) = (Value(input, "ModelSha256")?.ToString(), Value(input, "Model")?.ToString());
        if (hash is null && name is null)
        {
            return SessionModels.Last ?? throw new CnnVizException(
                "NoModel", "No model is given, and none has been imported in this session.", "Import one with Import-CnnModel.");
        }

        return SessionModels.Alive.FirstOrDefault(other => hash is null
                ? string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)
                : string.Equals(other.Sha256, hash, StringComparison.OrdinalIgnoreCase))
            ?? throw new CnnVizException(
                "NoModel", $"'{input}' is of the model '{name ?? hash}', which is not one of this session's.", "Import it first, or give -Model.");
    }

    // Rows of a file have empty texts where there is nothing.
    private static object? Value(PSObject input, string name) =>
        (input.Properties[name]?.Value is PSObject wrapped ? wrapped.BaseObject : input.Properties[name]?.Value) is { } value and not "" ? value : null;

    private static int? Number(object? value) => value is not null && LanguagePrimitives.TryConvertTo(value, out int number) ? number : null;
}
