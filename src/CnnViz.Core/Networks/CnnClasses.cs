using System.Globalization;

namespace CnnViz.Networks;

/// <summary>
/// The classes of a model: the units of the layers that classify, with their names. Every class answers to its whole name and to each
/// synonym in it; one without a name, to its number.
/// </summary>
internal sealed class CnnClasses
{
    private readonly CnnModel _model;
    private readonly CnnLayer _first;
    private readonly CnnFilter[] _units;

    /// <summary>Finds them; nothing is run.</summary>
    /// <param name="model">The model.</param>
    /// <param name="layer">Name of the layer whose units they are; null to find out.</param>
    /// <param name="names">Their names; null for those that the model has or, for a layer of exactly 1000 units, ImageNet's.</param>
    /// <exception cref="CnnVizException">The model was disposed or does not end in classes, or the layer is not there or has another
    /// number of units.</exception>
    public CnnClasses(CnnModel model, string? layer, IReadOnlyList<string>? names)
    {
        model.ThrowIfDisposed();
        IReadOnlyList<CnnLayer> layers = layer is null ? Classifier.Find(model) : [model.GetLayer(layer)];
        if (names is not null && layers.All(each => each.Filters != names.Count))
        {
            throw new CnnVizException(
                "ClassNamesMismatch",
                $"There are {names.Count} class names, but layer '{layers[0]}' of '{model.Name}' has {layers[0].Filters} units.",
                "Give one name for each unit of the classifier.");
        }

        _model = model;
        _first = layers[0];
        IsGuess = names is null && layers.Any(IsLikeImageNet);
        _units = [.. layers.SelectMany(each => Name(each, names))];
    }

    /// <summary>Whether ImageNet's names were taken for no other reason than that a layer has 1000 units.</summary>
    public bool IsGuess { get; }

    /// <summary>All classes, layer by layer.</summary>
    public IReadOnlyList<CnnFilter> All => _units;

    /// <summary>The names that a class answers to: the whole first.</summary>
    public static IEnumerable<string> NamesOf(CnnFilter unit) => unit.ClassName is { } name
        ? ClassLists.Synonyms(name).Prepend(name).Distinct()
        : [unit.Index.ToString(CultureInfo.InvariantCulture)];

    /// <summary>The classes that have a name of some kind.</summary>
    public IEnumerable<CnnFilter> Matching(Func<string, bool> isMatch) => _units.Where(unit => NamesOf(unit).Any(isMatch));

    /// <summary>The classes of a name, in any case, or the one of a number, which counts in the first layer.</summary>
    /// <param name="name">A class's name, one of its synonyms, or a number from 0.</param>
    /// <returns>At least one.</returns>
    /// <exception cref="CnnVizException">There is none; the message has the nearest names.</exception>
    public IReadOnlyList<CnnFilter> Get(string name)
    {
        CnnFilter[] named =
        [
            .. Matching(other => string.Equals(other, name, StringComparison.OrdinalIgnoreCase)).Where(unit => unit.ClassName is not null),
        ];
        return named.Length > 0 ? named
            : int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index)
                ? [_units[_first.GetFilter(index).Index]]
                : throw NotFound(name);
    }

    private static IEnumerable<CnnFilter> Name(CnnLayer layer, IReadOnlyList<string>? names)
    {
        IReadOnlyList<string> known = names?.Count == layer.Filters ? names
            : names is null && IsLikeImageNet(layer) ? ClassLists.ImageNet
            : layer.ClassNames;
        return layer.GetFilters().Select(unit => known.Count > 0 ? unit.WithClassName(known[unit.Index]) : unit);
    }

    private static bool IsLikeImageNet(CnnLayer layer) => layer.ClassNames.Count == 0 && layer.Filters == ClassLists.ImageNet.Count;

    private CnnVizException NotFound(string name) => _units.All(unit => unit.ClassName is null)
        ? new CnnVizException(
            "ClassNotFound",
            $"Model '{_model.Name}' has no class '{name}': the names of its classes are not known.",
            "Give numbers, or a list of names with -ClassName.")
        : new CnnVizException(
            "ClassNotFound",
            $"Model '{_model.Name}' has no class '{name}'.{NearestNames.Hint(name, _units.SelectMany(NamesOf).Distinct())}",
            "Search with wildcards, as in '*dog*'; the Tab key completes names.");
}
