using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Export;
using CnnViz.Networks;
using CnnViz.Showing.Files;

namespace CnnViz.Commands;

/// <summary>Export-CnnModel: models to ONNX files.</summary>
[Cmdlet(VerbsData.Export, "CnnModel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnModelCommand : CnnVizCommand
{
    private const string Extension = ".onnx";

    private readonly DistinctNames _distinct = new();
    private FileNames? _names;

    /// <summary>The file, a folder, or a template of file names.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string Path { get; set; } = string.Empty;

    /// <summary>The model.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(Model is null ? 0 : 1, "NoModel", "Import-CnnModel squeezenet1_1 | Export-CnnModel squeezenet.onnx");
        _names = this.ResolveTemplate(Path, path =>
            FileNames.ExtensionOf(path) is { } given && !given.Equals(Extension, StringComparison.OrdinalIgnoreCase)
                ? throw FileNames.UnknownFormat(path, "a model", Extension)
                : new FileNames(path, Extension));
    }

    private protected override void Process() => this.Try(Model, () =>
    {
        var names = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { ["Model"] = Model!.Name };
        string path = _distinct.Take(_names!.PathOf("{Model}", names), names);
        if (this.MayWrite(path, "Export model", Force))
        {
            var clock = Stopwatch.StartNew();
            this.WriteFile<string>(
                path,
                PassThru,
                (progress, stop) =>
                {
                    progress.Report(System.IO.Path.GetFileName(path));
                    OnnxWriter.Write(Model, path, stop);
                },
                name => new ProgressRecord(0, "Exporting models", name),
                Model,
                () => $": {Model}, in {clock.Elapsed.TotalSeconds:0.00} s");
        }
    });
}
