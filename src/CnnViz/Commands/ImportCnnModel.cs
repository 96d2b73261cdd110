using System.Collections;
using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Catalogue;
using CnnViz.Completion;
using CnnViz.Import;
using CnnViz.Import.Drafts;
using CnnViz.Networks;
using CnnViz.Quality;

namespace CnnViz.Commands;

/// <summary>Import-CnnModel: files to models.</summary>
[Cmdlet(VerbsData.Import, "CnnModel", DefaultParameterSetName = "Path", SupportsShouldProcess = true)]
[OutputType(typeof(CnnModel))]
public sealed class ImportCnnModelCommand : PathCommand
{
    private readonly DownloadWorker _worker;
    private readonly Dictionary<string, PublishedModel> _published = [];

    /// <summary>Makes the cmdlet.</summary>
    public ImportCnnModelCommand() => _worker = new DownloadWorker(this);

    /// <summary>Paths that may have wildcards, or names of built-in or published models.</summary>
    [Parameter(
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        ParameterSetName = "Path")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelPathCompleter))]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>Published models.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public PublishedModel[] InputObject { get; set; } = [];

    /// <summary>A TorchSharp module of the session.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Module")]
    [ValidateNotNull]
    public object? Module { get; set; }

    /// <summary>Downloads published models that are not in the cache.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [Parameter(ParameterSetName = "InputObject")]
    public SwitchParameter Download { get; set; }

    /// <summary>The network that a file of weights belongs to.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ArchitectureCompleter))]
    public string? Architecture { get; set; }

    /// <summary>Values of inputs beside the image.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public IDictionary? Input { get; set; }

    /// <summary>A file that is written: the description that a file of weights probably needs.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? Draft { get; set; }

    /// <summary>Replaces a draft that is there.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    public SwitchParameter Force { get; set; }

    /// <summary>Named preprocessing.</summary>
    [Parameter]
    [ValidateSet("Caffe", "ImageNet", "Unit", "Symmetric", "None")]
    public string? Preprocessing { get; set; }

    /// <summary>Subtracted from the scaled picture.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public float[]? Mean { get; set; }

    /// <summary>Divides it then.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public float[]? Std { get; set; }

    /// <summary>Multiplies the picture's 0…1 first.</summary>
    [Parameter]
    public float Scale { get; set; }

    /// <summary>The order of the colours in the network's input.</summary>
    [Parameter]
    public ChannelOrder ChannelOrder { get; set; }

    /// <summary>One side, or height and width.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(1, 65536)]
    public int[]? InputSize { get; set; }

    /// <summary>Channels of a module's input.</summary>
    [Parameter(ParameterSetName = "Module")]
    [ValidateRange(1, 65536)]
    public int InputChannel { get; set; }

    /// <summary>A text file of class names, or a built-in list.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ClassListCompleter))]
    public string? ClassName { get; set; }

    /// <summary>The device to run on.</summary>
    [Parameter(ParameterSetName = "Path")]
    [Parameter(ParameterSetName = "LiteralPath")]
    [Parameter(ParameterSetName = "InputObject")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(DeviceCompleter))]
    public string Device { get; set; } = "cpu";

    private protected override void Process()
    {
        base.Process();
        foreach (PublishedModel model in InputObject)
        {
            this.Try(model, () => ProcessFile(Fetch(model)));
        }

        if (Module is not null)
        {
            object module = Module is PSObject wrapped ? wrapped.BaseObject : Module;
            this.Try(module, () =>
            {
                // Here, because a module may run scripts of the session.
                var clock = Stopwatch.StartNew();
                Write(ModelImporter.Import(module, GivenOptions()), clock.Elapsed);
            });
        }
    }

    /// <inheritdoc />
    protected override string? FindByName(string name) =>
        BuiltInModels.Find(name) ?? (ModelCatalogue.Find(name) is { } model ? Fetch(model) : null);

    private protected override void Begin()
    {
        this.OfferRuntime();
        if (Draft is not null && Architecture is not null)
        {
            ThrowTerminatingError(new CnnVizException(
                "DraftAndArchitecture", "-Draft writes a description, and -Architecture gives one.", "Use one of them.").ToErrorRecord(Draft));
        }
    }

    /// <inheritdoc />
    protected override void ProcessFile(string path)
    {
        if (Draft is null)
        {
            ImportFile(path, GivenArchitecture());
        }
        else if (this.ResolveOutput(Draft) is var target && this.MayWrite(target, "Draft network", Force))
        {
            NetworkDraft draft = ModelImporter.Draft(path, GivenOptions());
            draft.Save(target);
            Written.Add(target);
            WriteVerbose($"Wrote '{target}'.");
            WriteWarning($"'{target}' describes '{System.IO.Path.GetFileName(path)}' with guesses. {draft.Summary} A wrong guess spoils the "
                + "pictures of all layers behind it: correct the file, and import with -Architecture.");
            ImportFile(path, target);
        }
    }

    private void ImportFile(string path, string? architecture)
    {
        ImportOptions options = GivenOptions() with
        {
            Architecture = architecture,
            Inputs = GivenInputs(),
            Published = _published.GetValueOrDefault(path),
        };
        var clock = Stopwatch.StartNew();
        const string activity = "Importing models";
        IEnumerable<CnnModel> Make(IProgress<long> progress, CancellationToken stop)
        {
            progress.Report(new FileInfo(path) is { Exists: true } file ? file.Length : 0);
            yield return ModelImporter.Import(path, options);
        }

        this.RunEngine<CnnModel, long>(
            path,
            activity,
            Make,
            model => Write(model, clock.Elapsed),
            bytes => new ProgressRecord(0, activity, $"{System.IO.Path.GetFileName(path)}, {ProgressRecords.Megabytes(bytes)}"));
    }

    private ImportOptions GivenOptions() => new()
    {
        Preprocessing = GivenPreprocessing(),
        InputSize = InputSize is { } size ? (size[0], size[^1]) : null,
        InputChannels = IsBound(nameof(InputChannel)) ? InputChannel : null,
        ClassNames = this.ReadClassNames(ClassName),
        Device = Device,
    };

    private static string RangeOf(CnnModel model) => model.Preprocessing.ToString(model.InputShape.Channels);

    private void Write(CnnModel model, TimeSpan elapsed)
    {
        SessionModels.Add(model);
        if (Origin(model) is { } origin)
        {
            WriteWarning(
                $"The preprocessing of '{model.Name}' is {origin}: {RangeOf(model)}. A wrong one spoils every picture; "
                + "give -Preprocessing, or -Mean, -Std, -Scale and -ChannelOrder, if you know better.");
        }

        if (model.Preprocessing.Source is not (PreprocessingSource.Metadata or PreprocessingSource.Catalogue)
            && PreprocessingCheck.Find(model) is { Better: var better })
        {
            WriteWarning(
                $"The image of '{model.Name}' has probably another range than {model.Preprocessing}: by what its first batch normalizations remember, "
                + $"{better} suits it far better. Measure-CnnPreprocessing with some photos tells more.");
        }

        if (model.Remark is not null)
        {
            WriteWarning(model.Remark);
        }

        if (Architecture is not null && model.Architecture is null)
        {
            WriteWarning($"'{model.Name}' ({model.Format}) has its own network; -Architecture was not used.");
        }

        if (model.Architecture is not null)
        {
            string how = Architecture is null ? ", by their keys and shapes" : string.Empty;
            WriteVerbose($"The weights of '{model.Name}' are those of {model.Architecture}{how}.");
        }

        WriteVerbose(
            $"Imported {model}: {model.Layers.Count} layers, {model.Parameters:N0} parameters, preprocessing {RangeOf(model)}, "
            + $"in {elapsed.TotalSeconds:0.00} s.");
        WriteObject(model);
    }

    // Nothing is downloaded without being asked for.
    private string Fetch(PublishedModel model)
    {
        string path = ModelCache.PathOf(model);
        if (!File.Exists(path))
        {
            if (!Download)
            {
                throw new CnnVizException(
                    "ModelNotCached",
                    $"The published model '{model}' ({model.SizeMB} MB) has not been downloaded.",
                    "Use -Download, or Save-CnnModel before.");
            }

            _worker.Download(model, path, new DownloadOptions());
        }

        _published[path] = model;
        return path;
    }

    // Where the preprocessing comes from, if neither the user nor the file says it.
    private static string? Origin(CnnModel model) => model.Preprocessing.Source switch
    {
        PreprocessingSource.Guessed => "a guess",
        PreprocessingSource.Convention => $"that of the published weights of {model.Architecture}",
        _ => null,
    };

    // A name, or else the path of a description.
    private string? GivenArchitecture() =>
        Architecture is not null && !ModelImporter.Architectures.Contains(Architecture, StringComparer.OrdinalIgnoreCase)
            && GetUnresolvedProviderPathFromPSPath(Architecture) is var path && File.Exists(path)
            ? path
            : Architecture;

    private Dictionary<string, float[]> GivenInputs()
    {
        var inputs = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (DictionaryEntry entry in Input ?? new Hashtable())
        {
            object? value = entry.Value is PSObject wrapped ? wrapped.BaseObject : entry.Value;
            if (!LanguagePrimitives.TryConvertTo(value is Array array ? array.Cast<object>().ToArray() : value, out float[]? numbers) || numbers is not { Length: > 0 })
            {
                throw new CnnVizException("InputMismatch", $"The value of input '{entry.Key}' is not made of numbers.", "Give a number, or an array of them.");
            }

            inputs[entry.Key.ToString()!] = numbers;
        }

        return inputs;
    }

    private Preprocessing? GivenPreprocessing()
    {
        Preprocessing? named = Networks.Preprocessing.Named.FirstOrDefault(candidate =>
            string.Equals(candidate.Name, Preprocessing, StringComparison.OrdinalIgnoreCase));
        bool hasScale = IsBound(nameof(Scale));
        bool hasOrder = IsBound(nameof(ChannelOrder));
        if (Mean is null && Std is null && !hasScale && !hasOrder)
        {
            return named;
        }

        Preprocessing start = named ?? Networks.Preprocessing.Unit;
        return start with
        {
            Name = "Custom",
            Mean = Mean ?? start.Mean,
            Std = Std ?? start.Std,
            Scale = hasScale ? Scale : start.Scale,
            ChannelOrder = hasOrder ? ChannelOrder : start.ChannelOrder,
        };
    }
}
