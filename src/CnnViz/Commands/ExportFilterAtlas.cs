using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Quality;
using CnnViz.Showing.Atlas;
using CnnViz.Showing.Atlas.Comparison;
using CnnViz.Showing.Files;

namespace CnnViz.Commands;

/// <summary>Export-FilterAtlas: pictures of filters, and what is known of them, to pages for a browser.</summary>
[Cmdlet(VerbsData.Export, "FilterAtlas", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportFilterAtlasCommand : CnnVizCommand
{
    private const string Activity = "Writing the atlas";

    private readonly HashSet<string> _given = [];
    private readonly HashSet<string> _described = [];
    private IFilterAtlas? _atlas;
    private FolderLock? _lock;
    private int _count;

    /// <summary>A folder, or a file that ends in .html.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string Path { get; set; } = string.Empty;

    /// <summary>The pictures.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public FilterImage[] InputObject { get; set; } = [];

    /// <summary>Parts of images that fire filters.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public FilterPatch[] Patch { get; set; } = [];

    /// <summary>Figures of pictures.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Alias("Quality")]
    [ValidateNotNull]
    public FilterImageQuality[] ImageQuality { get; set; } = [];

    /// <summary>What filters do on many photos.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public FilterStatistics[] Statistics { get; set; } = [];

    /// <summary>The model, for a map of all its layers.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>Layers for the map.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>A folder that Invoke-FilterPlan has written pictures to.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string? Plan { get; set; }

    /// <summary>The title of the pages.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Title { get; set; }

    /// <summary>Shows the pictures of several models side by side.</summary>
    [Parameter]
    public SwitchParameter Compare { get; set; }

    /// <summary>Writes one file that has everything inside.</summary>
    [Parameter]
    public SwitchParameter SingleFile { get; set; }

    /// <summary>Replaces what is there and cannot be added to.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the page to open.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    // After an end that came early: what came is shown, though the pages beside it are old.
    private protected override void Close()
    {
        try
        {
            _atlas?.WriteNow();
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            // There is nobody left to tell.
        }

        _atlas = null;
        _lock?.Dispose();
    }

    private protected override void Begin()
    {
        string path = this.ResolveOutput(Path);

        if (!ShouldProcess(path, "Export atlas"))
        {
            return;
        }

        try
        {
            string? extension = FileNames.ExtensionOf(path);
            bool isPage = string.Equals(extension, ".html", StringComparison.OrdinalIgnoreCase);
            if (extension is not null && !isPage)
            {
                throw FileNames.UnknownFormat(path, "an atlas", ".html");
            }

            bool isFile = SingleFile || isPage;

            if (isFile && Compare)
            {
                throw new CnnVizException("ComparisonNeedsFolder", "An atlas that compares models is a folder, not one file.", "Give a folder as -Path.");
            }

            // Two that extend one atlas would each lose what the other adds. A file in the folder's place is told below.
            _lock = isFile || File.Exists(path) ? null : FolderLock.Take(path);
            _atlas = isFile ? FilterAtlas.CreateFile(path, Title, Force)
                : Compare || ComparedAtlas.IsIn(path) ? ComparedAtlas.Open(path, Title, Force)
                : FilterAtlas.OpenFolder(path, Title, Force);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            ThrowTerminatingError(exception.ToErrorRecord(Path));
        }

        this.EachImage(Plan, AddImage);

        // What is given by name is there in every record, and counts once.
        Take(_ => true);
        _given.UnionWith(MyInvocation.BoundParameters.Keys);
    }

    private protected override void Process() => Take(name => !_given.Contains(name));

    private protected override void End()
    {
        if (_atlas is not { } atlas)
        {
            return;
        }

        try
        {
            atlas.Complete(new PageProgress(this), Cancellation);
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            // The pipeline is being stopped; PowerShell says so itself.
            return;
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(Path));
            return;
        }

        Progress.Complete(0);
        if (PassThru && File.Exists(atlas.IndexPath))
        {
            this.WriteItem(atlas.IndexPath);
        }
    }

    private void Take(Func<string, bool> isWanted)
    {
        if (_atlas is not { } atlas)
        {
            return;
        }

        if (isWanted(nameof(Model)) && Model is { } model)
        {
            Add(model, () => atlas.Add(model));
        }

        Each(nameof(Layer), Layer, atlas.Add);
        Each(nameof(InputObject), InputObject, AddToAtlas);
        Each(nameof(Patch), Patch, patch =>
        {
            Describe(atlas, patch.ModelSha256);
            atlas.Add(patch);
        });
        Each(nameof(ImageQuality), ImageQuality, quality =>
        {
            Describe(atlas, quality.ModelSha256);
            atlas.Add(quality);
        });
        Each(nameof(Statistics), Statistics, statistics =>
        {
            Describe(atlas, statistics.ModelSha256);
            atlas.Add(statistics);
        });

        void Each<T>(string name, T[] items, Action<T> add)
            where T : class
        {
            foreach (T item in isWanted(name) ? items : [])
            {
                Add(item, () => add(item));
            }
        }
    }

    private void AddImage(FilterImage image) => Add(image, () => AddToAtlas(image));

    private void AddToAtlas(FilterImage image)
    {
        Describe(_atlas!, image.ModelSha256);
        _atlas!.Add(image);
        Progress.Write(new ProgressRecord(0, Activity, $"{++_count} pictures; {image.Objective}"));
    }

    private void Add(object item, Action add)
    {
        try
        {
            add();
            _atlas!.WriteOnTheWay();
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(item));
        }
    }

    // The model of a picture, if it is one of the session's, knows its layers.
    private void Describe(IFilterAtlas atlas, string sha256)
    {
        if (atlas.Takes(sha256) && !_described.Contains(sha256) && SessionModels.Alive.FirstOrDefault(model => model.Sha256 == sha256) is { } model)
        {
            _described.Add(sha256);
            atlas.Describe(model);
        }
    }

    private sealed class PageProgress(ExportFilterAtlasCommand cmdlet) : IProgress<AtlasProgress>
    {
        public void Report(AtlasProgress progress) =>
            cmdlet.Progress.Write(new ProgressRecord(0, Activity, $"{progress.Done} of {progress.Total} pages")
            {
                PercentComplete = 100 * progress.Done / progress.Total,
            });
    }
}
