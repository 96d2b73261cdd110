using CnnViz.Showing.Atlas.Comparison;
using CnnViz.Showing.Atlas.Data;
using CnnViz.Showing.Atlas.Pages;

namespace CnnViz.Showing.Atlas;

/// <summary>
/// An atlas as a folder: index.html; a folder for each layer with a page of its own, a page for each filter, and its data; and atlas.json.
/// Pictures are written first, then data, then pages, each whole or not at all, so that whatever is there can be opened.
/// </summary>
/// <param name="folder">Full path of the folder.</param>
/// <param name="force">Whether an index.html that is none of ours may be replaced.</param>
internal sealed class FolderAtlas(string folder, bool force) : IAtlasForm
{
    private bool _hasAssets;

    public string IndexPath => Path.Combine(folder, "index.html");

    public bool IsWrittenOnTheWay => true;

    private string DocumentPath => Path.Combine(folder, "atlas.json");

    public AtlasContents? Read()
    {
        if (File.Exists(folder))
        {
            throw new CnnVizException("NotAnAtlas", $"'{folder}' is a file.", "Give a folder, or a name that ends in .html.");
        }

        if (!File.Exists(DocumentPath))
        {
            return !File.Exists(IndexPath) || force ? null : throw new CnnVizException(
                "NotAnAtlas",
                $"The folder '{folder}' has a page index.html that is not part of an atlas.",
                "Give another folder, or use -Force to replace the page.");
        }

        AtlasDocument document = AtlasJson.ReadDocument(DocumentPath);
        var contents = new AtlasContents(document.Model) { Title = document.Title };
        foreach (AtlasLayer layer in document.Layers)
        {
            contents.Add(layer);
            ReadFilters(layer);
        }

        return contents;
    }

    public void Save(string path, byte[] content) => WholeFile.Write(Path.Combine(folder, path), stream => stream.Write(content));

    public void Delete(string path)
    {
        if (Path.Combine(folder, path) is var file && File.Exists(file))
        {
            File.Delete(file);
        }
    }

    public byte[] Load(string path) => File.ReadAllBytes(Path.Combine(folder, path));

    public void Write(
        AtlasContents contents, AtlasChanges changes, bool isComplete, IProgress<AtlasProgress>? progress, CancellationToken cancellation)
    {
        WriteData(contents, changes);
        AtlasLayer[] shown = [.. contents.Layers.Where(layer => layer.Entries.Count > 0)];
        (AtlasLayer Layer, AtlasFilter Filter)[] filters = isComplete
            ? [.. shown.Where(layer => changes.All || changes.Layers.Contains(layer)).SelectMany(layer => layer.Entries.Values.Select(filter => (layer, filter)))]
            : [.. changes.Fresh.SelectMany(pair => pair.Value.Select(filter => (pair.Key, filter)))];
        AtlasLayer[] layers = isComplete ? shown : [.. changes.Fresh.Keys];
        bool isCompared = ComparedAtlas.IsIn(Path.Combine(folder, "..", ".."));
        int done = 0;
        int total = filters.Length + layers.Length + 1;
        foreach ((AtlasLayer layer, AtlasFilter filter) in filters)
        {
            WritePage($"{layer.Folder}/{filter.Key}.html", pages => pages.Filter(layer, filter));
        }

        foreach (AtlasLayer layer in layers)
        {
            WritePage($"{layer.Folder}/index.html", pages => pages.Layer(layer));
        }

        WritePage("index.html", pages => pages.Index());
        changes.Fresh.Clear();

        void WritePage(string path, Func<AtlasPages, PageView> make)
        {
            cancellation.ThrowIfCancellationRequested();
            string root = string.Concat(Enumerable.Repeat("../", path.Count(character => character == '/')));
            PageView page = make(new AtlasPages(contents, new FolderLinks(root, isCompared))) with { Root = root };
            WholeFile.Write(Path.Combine(folder, path), stream => AtlasTemplates.RenderPage(page, stream));
            progress?.Report(new AtlasProgress(++done, total));
        }
    }

    // The list of layers comes before their data, which is only looked for where the list says.
    private void WriteData(AtlasContents contents, AtlasChanges changes)
    {
        AtlasJson.Write(DocumentPath, new AtlasDocument
        {
            Format = AtlasDocument.CurrentFormat,
            Title = contents.Title,
            Model = contents.Model,
            Layers = [.. contents.Layers],
        });
        foreach (AtlasLayer layer in changes.Fresh.Keys)
        {
            AtlasJson.Write(DataPath(layer), layer.Entries.Values);
        }

        WholeFile.Write(Path.Combine(folder, "assets", "search.js"), stream => SearchIndex.WriteScript([(contents, string.Empty, string.Empty)], stream));
        if (!_hasAssets)
        {
            AtlasTemplates.CopyAssets(folder);
            _hasAssets = true;
        }
    }

    private string DataPath(AtlasLayer layer) => Path.Combine(folder, layer.Folder, "layer.json");

    // A picture whose file is gone is gone.
    private void ReadFilters(AtlasLayer layer)
    {
        if (!File.Exists(DataPath(layer)))
        {
            return;
        }

        foreach (AtlasFilter filter in AtlasJson.ReadFilters(DataPath(layer), areObjectives: layer.Name is null))
        {
            filter.Pictures.RemoveAll(picture => picture.Reason is null && !Has(AtlasPaths.Picture(layer, filter, picture)));
            filter.Patches.RemoveAll(patch => !Has(AtlasPaths.Patch(layer, filter, patch)));
            if (filter.Pictures.Count + filter.Patches.Count + filter.Qualities.Count > 0 || filter.Statistics is not null)
            {
                layer.Entries.Add(filter.Order, filter);
            }
        }
    }

    private bool Has(string path) => File.Exists(Path.Combine(folder, path));
}
