using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CnnViz.Showing.Atlas.Data;
using CnnViz.Showing.Atlas.Pages;

namespace CnnViz.Showing.Atlas;

/// <summary>An atlas as one file that has everything inside. It is written at the end, and never added to.</summary>
/// <param name="path">Full path of the file.</param>
/// <param name="force">Whether a file that is there may be replaced.</param>
internal sealed class SingleFileAtlas(string path, bool force) : IAtlasForm
{
    /// <summary>Filters that a browser still shows at once as one page.</summary>
    public const int LargestCount = 500;

    /// <summary>Bytes of pictures, before they become a third larger as text.</summary>
    public const long LargestSize = 32L << 20;

    private readonly Dictionary<string, byte[]> _files = [];
    private long _size;

    public string IndexPath => path;

    public bool IsWrittenOnTheWay => false;

    public AtlasContents? Read() => Directory.Exists(path)
        ? throw new CnnVizException("NotAFile", $"'{path}' is a folder.", "Give the name of a file, or leave -SingleFile out.")
        : !File.Exists(path) || force ? null : throw new CnnVizException(
            "FileExists", $"The file '{path}' already exists.", "Use -Force to replace it, or give a folder, which can be extended.");

    public void Save(string path, byte[] content)
    {
        long size = _size - (_files.TryGetValue(path, out byte[]? old) ? old.Length : 0) + content.Length;
        bool isNew = old is null && path.Contains("/thumbs/", StringComparison.Ordinal);
        if (size > LargestSize || (isNew && _files.Keys.Count(file => file.Contains("/thumbs/", StringComparison.Ordinal)) >= LargestCount))
        {
            throw new CnnVizException(
                "AtlasFull",
                string.Create(CultureInfo.InvariantCulture, $"An atlas in one file has room for {LargestCount} filters and {LargestSize >> 20} MB of pictures."),
                "Give a folder as -Path: a folder has no limit.");
        }

        (_files[path], _size) = (content, size);
    }

    public void Delete(string path)
    {
        if (_files.Remove(path, out byte[]? content))
        {
            _size -= content.Length;
        }
    }

    public byte[] Load(string path) => _files[path];

    public void Write(
        AtlasContents contents, AtlasChanges changes, bool isComplete, IProgress<AtlasProgress>? progress, CancellationToken cancellation)
    {
        var pages = new AtlasPages(contents, new SingleFileLinks(_files));
        AtlasLayer[] layers = [.. contents.Layers.Where(layer => layer.Entries.Count > 0)];
        int total = layers.Sum(layer => layer.Entries.Count) + layers.Length + 1;
        PageView index = pages.Index();
        var body = new StringBuilder();
        var done = 0;
        Append(index);
        foreach (AtlasLayer layer in layers)
        {
            Append(pages.Layer(layer));
            foreach (AtlasFilter filter in layer.Entries.Values)
            {
                Append(pages.Filter(layer, filter));
            }
        }

        string style = AtlasTemplates.ReadAsset("atlas.css");
        string script = AtlasTemplates.ReadAsset("atlas.js");
        PageView page = index with
        {
            IsSingleFile = true,
            Body = body.ToString(),
            Style = style,
            Script = script,
            StyleHash = HashOf(style),
            ScriptHash = HashOf(script),
            Search = SearchIndex.ToJson(contents),
        };
        WholeFile.Write(path, stream => AtlasTemplates.RenderPage(page, stream));
        changes.Fresh.Clear();

        void Append(PageView section)
        {
            cancellation.ThrowIfCancellationRequested();
            body.Append(AtlasTemplates.RenderSection(section));
            progress?.Report(new AtlasProgress(++done, total));
        }
    }

    // What a browser may run of this page is known beforehand.
    private static string HashOf(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
