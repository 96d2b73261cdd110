using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas.Pages;

/// <summary>Where a page's links lead. All parts of them are made here, of characters that need no escape.</summary>
internal abstract class AtlasLinks
{
    /// <summary>The id of the index where all pages are one file.</summary>
    public const string IndexId = "map";

    public abstract string Index { get; }

    /// <summary>The page that compares the model with others; null where there is none.</summary>
    public virtual string? Comparison => null;

    public abstract string To(AtlasLayer layer);

    public abstract string To(AtlasLayer layer, AtlasFilter filter);

    /// <summary>The address of a picture.</summary>
    /// <param name="path">Its path from the atlas's folder.</param>
    public abstract string Picture(string path);

    /// <summary>The id of a layer's page.</summary>
    public static string IdOf(AtlasLayer layer) => layer.Folder;

    /// <summary>The id of a filter's page.</summary>
    public static string IdOf(AtlasLayer layer, AtlasFilter filter) => $"{layer.Folder}/{filter.Key}";
}

/// <summary>Links between the files of a folder.</summary>
/// <param name="root">The way from the page's folder to the atlas's: empty, or such as <c>../../</c>.</param>
/// <param name="isCompared">Whether the atlas is one of those that a comparison has.</param>
internal sealed class FolderLinks(string root, bool isCompared = false) : AtlasLinks
{
    public override string? Comparison => isCompared ? $"{root}../../index.html" : null;

    public override string Index => $"{root}index.html";

    public override string To(AtlasLayer layer) => $"{root}{layer.Folder}/index.html";

    public override string To(AtlasLayer layer, AtlasFilter filter) => $"{root}{layer.Folder}/{filter.Key}.html";

    public override string Picture(string path) => root + path;
}

/// <summary>Links within one file, whose pictures are inside.</summary>
/// <param name="files">The files of pictures by their paths.</param>
internal sealed class SingleFileLinks(IReadOnlyDictionary<string, byte[]> files) : AtlasLinks
{
    public override string Index => $"#{IndexId}";

    public override string To(AtlasLayer layer) => $"#{IdOf(layer)}";

    public override string To(AtlasLayer layer, AtlasFilter filter) => $"#{IdOf(layer, filter)}";

    public override string Picture(string path) => $"data:image/webp;base64,{Convert.ToBase64String(files[path])}";
}
