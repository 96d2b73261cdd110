using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Quality;
using CnnViz.Showing.Atlas.Data;
using CnnViz.Showing.Atlas.Pages;

namespace CnnViz.Showing.Atlas.Comparison;

/// <summary>
/// A folder with an atlas of each of several models, and pages that show the same filters of all of them side by side. The atlases lie in
/// folders below <c>models</c>; each is whole, and can be opened and extended alone.
/// </summary>
public sealed class ComparedAtlas : IFilterAtlas
{
    private const string Models = "models";

    private readonly string _folder;
    private readonly List<(string Folder, FilterAtlas Atlas)> _atlases = [];
    private string? _title;

    private ComparedAtlas(string folder) => _folder = folder;

    /// <inheritdoc />
    public string IndexPath => Path.Combine(_folder, "index.html");

    private string DocumentPath => DocumentOf(_folder);

    /// <summary>Whether a folder has such an atlas.</summary>
    /// <param name="folder">Full path of the folder.</param>
    public static bool IsIn(string folder) => File.Exists(DocumentOf(folder));

    /// <summary>Opens the atlas of a folder, or begins one; nothing is written yet.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="title">Its title; null for the one that it has, or the models' names.</param>
    /// <param name="force">Whether an index.html that is no atlas's may be replaced.</param>
    /// <exception cref="CnnVizException">The folder's atlas is damaged (AtlasDamaged), or its pages are no such atlas's (NotAnAtlas).</exception>
    public static ComparedAtlas Open(string folder, string? title = null, bool force = false)
    {
        if (File.Exists(folder))
        {
            throw new CnnVizException("NotAnAtlas", $"'{folder}' is a file.", "Give a folder.");
        }

        var atlas = new ComparedAtlas(folder);
        if (IsIn(folder))
        {
            atlas.Read(AtlasJson.ReadCompared(atlas.DocumentPath));
        }
        else if (File.Exists(atlas.IndexPath) && !force)
        {
            throw new CnnVizException(
                "NotAnAtlas",
                $"The folder '{folder}' has a page index.html that does not compare models.",
                "Give another folder, or use -Force to replace the page.");
        }

        atlas._title = title ?? atlas._title;
        return atlas;
    }

    /// <inheritdoc />
    public bool Takes(string modelSha256) => true;

    /// <inheritdoc />
    public void Describe(CnnModel model) => Of(model.Name, model.Sha256).Describe(model);

    /// <inheritdoc />
    public void Add(CnnModel model) => Of(model.Name, model.Sha256).Add(model);

    /// <inheritdoc />
    public void Add(CnnLayer layer) => Of(layer.Model.Name, layer.Model.Sha256).Add(layer);

    /// <inheritdoc />
    public void Add(FilterImage image) => Of(image.Model, image.ModelSha256).Add(image);

    /// <inheritdoc />
    public void Add(FilterPatch patch) => Of(patch.Model, patch.ModelSha256).Add(patch);

    /// <inheritdoc />
    public void Add(FilterImageQuality quality) => Of(quality.Model, quality.ModelSha256).Add(quality);

    /// <inheritdoc />
    public void Add(FilterStatistics statistics) => Of(statistics.Model, statistics.ModelSha256).Add(statistics);

    /// <inheritdoc />
    public void WriteOnTheWay() => _atlases.ForEach(model => model.Atlas.WriteOnTheWay());

    /// <inheritdoc />
    public void WriteNow()
    {
        _atlases.ForEach(model => model.Atlas.WriteNow());
        WritePages(null, CancellationToken.None);
    }

    /// <inheritdoc />
    public void Complete(IProgress<AtlasProgress>? progress = null, CancellationToken cancellation = default)
    {
        // Their pages lead to that of the comparison, if they can see that there is one.
        WriteDocument();
        foreach ((_, FilterAtlas atlas) in _atlases)
        {
            atlas.Complete(progress, cancellation);
        }

        WritePages(progress, cancellation);
    }

    private static string DocumentOf(string folder) => Path.Combine(folder, "atlases.json");

    private void Read(ComparedDocument document)
    {
        _title = document.Title;
        string models = Path.Combine(_folder, Models);
        string[] folders = Directory.Exists(models) ? [.. Directory.EnumerateDirectories(models).Order(StringComparer.Ordinal)] : [];
        _atlases.AddRange(folders
            .Select(folder => ($"{Models}/{Path.GetFileName(folder)}", Atlas: FilterAtlas.OpenFolder(folder)))
            .Where(model => model.Atlas.ModelSha256 is not null)
            .OrderBy(model => PlaceOf(model.Atlas.ModelSha256!)));

        int PlaceOf(string sha256) => document.Models.ToList().IndexOf(sha256) is var place and >= 0 ? place : int.MaxValue;
    }

    private FilterAtlas Of(string name, string sha256)
    {
        if (_atlases.FirstOrDefault(model => model.Atlas.ModelSha256 == sha256).Atlas is { } known)
        {
            return known;
        }

        string address = $"{Models}/{AtlasAddress.Of(name)}";
        string folder = _atlases.Any(model => model.Folder == address) ? $"{Models}/{AtlasAddress.Of($"{name}-{sha256[..8]}")}" : address;
        FilterAtlas atlas = FilterAtlas.OpenFolder(Path.Combine(_folder, folder));
        _atlases.Add((folder, atlas));
        return atlas;
    }

    private void WriteDocument()
    {
        if (_atlases.Count > 0)
        {
            AtlasJson.Write(DocumentPath, new ComparedDocument
            {
                Format = ComparedDocument.CurrentFormat,
                Title = _title,
                Models = [.. _atlases.Select(model => model.Atlas.ModelSha256).OfType<string>()],
            });
        }
    }

    private void WritePages(IProgress<AtlasProgress>? progress, CancellationToken cancellation)
    {
        IReadOnlyList<ComparedModel> models = ComparedModel.Of(_atlases.Where(model => model.Atlas.Known is not null).Select(model => (model.Folder, model.Atlas.Known!)));
        if (models.Count == 0)
        {
            return;
        }

        WriteDocument();
        WholeFile.Write(
            Path.Combine(_folder, "assets", "search.js"),
            stream => SearchIndex.WriteScript(models.Select(model => (model.Contents, $"{model.Folder}/", $"{model.Label}: ")), stream),
            cancellation);
        AtlasTemplates.CopyAssets(_folder);
        IReadOnlyList<ComparedGroup> groups = ComparedGroup.Of(models);
        int done = 0;
        foreach (ComparedGroup group in groups)
        {
            WritePage($"{group.Folder}/index.html", pages => pages.Group(group));
        }

        WritePage("index.html", pages => pages.Index());

        void WritePage(string path, Func<ComparedPages, PageView> make)
        {
            cancellation.ThrowIfCancellationRequested();
            string root = string.Concat(Enumerable.Repeat("../", path.Count(character => character == '/')));
            PageView page = make(new ComparedPages(models, groups, _title, root)) with { Root = root };
            WholeFile.Write(Path.Combine(_folder, path), stream => AtlasTemplates.RenderPage(page, stream), cancellation);
            progress?.Report(new AtlasProgress(++done, groups.Count + 1));
        }
    }
}
