using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Quality;
using CnnViz.Showing.Atlas.Data;
using CnnViz.Showing.Files;
using TorchSharp;

namespace CnnViz.Showing.Atlas;

/// <summary>Pages of one model's filters: a folder, or one file.</summary>
public sealed class FilterAtlas : IFilterAtlas
{
    private readonly IAtlasForm _form;
    private readonly string? _title;
    private readonly AtlasChanges _changes = new();
    private readonly AtlasPictureFiles _pictures;
    private readonly AtlasPace _pace = new();

    // What came in this run, by its place: pictures that are made with other numbers do not replace one another.
    private readonly Dictionary<(string? Layer, string Filter, string Key), AtlasPicture> _taken = [];
    private AtlasContents? _contents;
    private CnnModel? _model;
    private bool _isChanged;

    private FilterAtlas(IAtlasForm form, string? title)
    {
        _form = form;
        _pictures = new AtlasPictureFiles(form);
        _title = title;
        _contents = form.Read();
        if (_contents is not null && title is not null && title != _contents.Title)
        {
            _contents.Title = title;
            _changes.All = _isChanged = true;
        }
    }

    /// <inheritdoc />
    public string IndexPath => _form.IndexPath;

    /// <summary>SHA-256 of the model that it is of, in lower-case hexadecimal; null as long as nothing is in it.</summary>
    public string? ModelSha256 => _contents?.Model.Sha256;

    /// <summary>All that it knows; null as long as nothing is in it.</summary>
    internal AtlasContents? Known => _contents;

    /// <summary>Whether something came that no page has yet.</summary>
    public bool IsChanged => _isChanged;

    /// <summary>Opens the atlas of a folder, or begins one; nothing is written yet.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="title">Its title; null for the one that it has, or the model's name.</param>
    /// <param name="force">Whether an index.html that is no atlas's may be replaced.</param>
    /// <exception cref="CnnVizException">The folder's atlas is damaged (AtlasDamaged), or its pages are no atlas's (NotAnAtlas).</exception>
    public static FilterAtlas OpenFolder(string folder, string? title = null, bool force = false) =>
        new(new FolderAtlas(folder, force), title);

    /// <summary>Begins an atlas in one file, of 500 filters and 32 MB of pictures at most; nothing is written yet.</summary>
    /// <param name="path">Full path of the file.</param>
    /// <param name="title">Its title; null for the model's name.</param>
    /// <param name="force">Whether a file that is there may be replaced.</param>
    /// <exception cref="CnnVizException">The file is there already (FileExists), or a folder (NotAFile).</exception>
    public static FilterAtlas CreateFile(string path, string? title = null, bool force = false) =>
        new(new SingleFileAtlas(path, force), title);

    /// <inheritdoc />
    public bool Takes(string modelSha256) => _contents is null || _contents.Model.Sha256 == modelSha256;

    /// <inheritdoc />
    public void Describe(CnnModel model)
    {
        AtlasContents contents = Contents(AtlasModel.Of(model));
        _changes.All |= contents.Model != AtlasModel.Of(model);
        contents.Model = AtlasModel.Of(model);
        _model = model;
        foreach (CnnLayer layer in model.LayersAndBlocks)
        {
            contents.Find(layer.Name)?.Describe(layer);
        }
    }

    /// <inheritdoc />
    public void Add(CnnModel model)
    {
        Describe(model);
        foreach (CnnLayer layer in model.Layers)
        {
            LayerOf(layer.Name);
        }

        _isChanged = true;
    }

    /// <inheritdoc />
    public void Add(CnnLayer layer)
    {
        Describe(layer.Model);
        LayerOf(layer.Name);
        _isChanged = true;
    }

    /// <inheritdoc />
    public void Add(FilterImage image)
    {
        Contents(new AtlasModel { Name = image.Model, Sha256 = image.ModelSha256, Preprocessing = image.Preprocessing });
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor pixels = image.Tensor;
        (byte[]? file, byte[]? small) = image.HasSignal ? AtlasImages.Encode(pixels, FilterImageFacts.Of(image).ToPictureFacts()) : default;
        AtlasPicture picture = AtlasPicture.Of(image, image.HasSignal ? PictureSignature.Of(pixels) : null);
        string? objective = image.Filter is not null ? null
            : image.InitialImage is null ? image.Objective : $"{image.Objective}, from {Path.GetFileName(image.InitialImage)}";
        Change(
            objective is null ? image.Layer : null,
            image.Filter,
            objective,
            image.ClassName,
            (layer, filter) => _pictures.Put(layer, filter, Distinct(layer, filter, picture), file, small));
    }

    /// <inheritdoc />
    public void Add(FilterPatch patch)
    {
        Contents(new AtlasModel { Name = patch.Model, Sha256 = patch.ModelSha256 });
        using DisposeScope scope = torch.NewDisposeScope();
        Picture picture = Picture.Of(patch);
        byte[] file = AtlasImages.Encode(picture.Tensor(), picture.Facts()).File;
        AtlasPatch facts = AtlasPatch.Of(patch);
        Change(patch.Layer, patch.Filter, null, patch.ClassName, (layer, filter) =>
        {
            _form.Save(AtlasPaths.Patch(layer, filter, facts), file);
            filter.Patches.RemoveAll(other => other.Rank == facts.Rank);
            int place = filter.Patches.FindIndex(other => other.Rank > facts.Rank);
            filter.Patches.Insert(place < 0 ? filter.Patches.Count : place, facts);
        });
    }

    /// <inheritdoc />
    public void Add(FilterImageQuality quality)
    {
        Contents(new AtlasModel { Name = quality.Model, Sha256 = quality.ModelSha256 });

        // Where files lie on somebody's disk is nobody else's business.
        FilterImageQuality figures = quality with { Path = null, NaturalImage = Path.GetFileName(quality.NaturalImage) };
        Change(quality.Layer, quality.Filter, null, quality.ClassName, (_, filter) =>
        {
            filter.Qualities.RemoveAll(other =>
                other.Recipe == figures.Recipe && other.Seed == figures.Seed && other.Minimized == figures.Minimized);
            filter.Qualities.Add(figures);
        });
    }

    /// <inheritdoc />
    public void Add(FilterStatistics statistics)
    {
        Contents(new AtlasModel { Name = statistics.Model, Sha256 = statistics.ModelSha256 });
        FilterStatistics figures = statistics with { MaxImage = Path.GetFileName(statistics.MaxImage) };
        Change(statistics.Layer, statistics.Filter, null, statistics.ClassName, (_, filter) => filter.Statistics = figures);
    }

    /// <inheritdoc />
    public void WriteOnTheWay()
    {
        if (_form.IsWrittenOnTheWay)
        {
            _pace.Run(WriteNow);
        }
    }

    /// <inheritdoc />
    public void WriteNow() => Write(isComplete: false, null, CancellationToken.None);

    /// <inheritdoc />
    public void Complete(IProgress<AtlasProgress>? progress = null, CancellationToken cancellation = default)
    {
        _isChanged |= _changes.Layers.Count > 0;
        Write(isComplete: true, progress, cancellation);
    }

    private AtlasPicture Distinct(AtlasLayer layer, AtlasFilter filter, AtlasPicture picture)
    {
        for (int variant = 2; !IsFree(picture); variant++)
        {
            picture = picture with { Variant = variant };
        }

        return picture;

        bool IsFree(AtlasPicture wanted) =>
            !_taken.TryGetValue((layer.Name, filter.Key, wanted.Key), out AtlasPicture? other)
                ? _taken.TryAdd((layer.Name, filter.Key, wanted.Key), wanted)
                : other.Numbers.SequenceEqual(wanted.Numbers) && (other.Height, other.Width) == (wanted.Height, wanted.Width);
    }

    private void Write(bool isComplete, IProgress<AtlasProgress>? progress, CancellationToken cancellation)
    {
        if (_contents is null || !_isChanged)
        {
            return;
        }

        _form.Write(_contents, _changes, isComplete, progress, cancellation);
        _isChanged = false;
        if (isComplete)
        {
            _changes.Layers.Clear();
            _changes.All = false;
        }
    }

    private void Change(string? layerName, int? number, string? objective, string? className, Action<AtlasLayer, AtlasFilter> change)
    {
        AtlasLayer layer = LayerOf(layerName);
        var wanted = new AtlasFilter { Number = number, Objective = objective };
        if (!layer.Entries.TryGetValue(wanted.Order, out AtlasFilter? filter))
        {
            filter = wanted;
        }

        change(layer, filter);
        filter.ClassName = className ?? filter.ClassName;
        layer.Entries.TryAdd(filter.Order, filter);
        _changes.Add(layer, filter);
        _isChanged = true;
    }

    private AtlasLayer LayerOf(string? name)
    {
        if (_contents!.Find(name) is { } known)
        {
            return known;
        }

        var layer = new AtlasLayer { Name = name };
        if (_model?.LayersAndBlocks.FirstOrDefault(other => other.Name == name) is { } described)
        {
            layer.Describe(described);
        }

        _contents.Add(layer);
        return layer;
    }

    private AtlasContents Contents(AtlasModel model)
    {
        _contents ??= new AtlasContents(model) { Title = _title };
        if (_contents.Model.Sha256 != model.Sha256)
        {
            throw new CnnVizException(
                "AtlasModelMismatch",
                $"The atlas is about the model '{_contents.Model.Name}', but this object is from '{model.Name}' (SHA-256 {model.Sha256}).",
                "Write the atlas of each model to a separate path, or use -Compare for one that shows models side by side.");
        }

        if (_contents.Model.Preprocessing is null && model.Preprocessing is not null)
        {
            _contents.Model = _contents.Model with { Preprocessing = model.Preprocessing };
        }

        return _contents;
    }
}
