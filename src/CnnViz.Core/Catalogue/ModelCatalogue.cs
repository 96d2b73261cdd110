using CnnViz.Networks;

namespace CnnViz.Catalogue;

/// <summary>The published trained models that CnnViz knows of. It is a list of facts: looking something up uses no network.</summary>
public static class ModelCatalogue
{
    private static readonly Lazy<IReadOnlyList<PublishedModel>> s_models = new(CatalogueReader.ReadAll);

    /// <summary>All of them, by publisher and family.</summary>
    public static IReadOnlyList<PublishedModel> Models => s_models.Value;

    /// <summary>The model of a name, or null.</summary>
    /// <param name="name">Its name, in any case, or architecture and weights such as <c>resnet50.IMAGENET1K_V2</c>.</param>
    public static PublishedModel? Find(string name) =>
        Models.FirstOrDefault(model => Is(name, model.Name)) ?? Models.FirstOrDefault(model => Is(name, model.FullName));

    /// <summary>The model of a name.</summary>
    /// <param name="name">As for <see cref="Find" />.</param>
    /// <exception cref="CnnVizException">There is none; the message has the nearest names.</exception>
    public static PublishedModel Get(string name) => Find(name) ?? throw new CnnVizException(
        "PublishedModelNotFound",
        $"The catalogue has no model '{name}'.{NearestNames.Hint(name, Models.Select(model => model.Name))}",
        "List the models with Find-CnnModel.");

    /// <summary>The model that a file is, or null.</summary>
    /// <param name="sha256">SHA-256 of the file.</param>
    /// <param name="length">Length of the file in bytes.</param>
    internal static PublishedModel? Recognize(string sha256, long length) =>
        Models.FirstOrDefault(model => model.HasLength(length) && model.HasHash(sha256));

    private static bool Is(string name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
