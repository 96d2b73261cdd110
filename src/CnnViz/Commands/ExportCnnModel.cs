using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Export;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Export-CnnModel: models to ONNX files.</summary>
[Cmdlet(VerbsData.Export, "CnnModel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnModelCommand : PSCmdlet
{
    /// <summary>The file.</summary>
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

    /// <inheritdoc />
    protected override void BeginProcessing() =>
        this.RequireInput(Model is null ? 0 : 1, "model", "Import-CnnModel squeezenet1_1 | Export-CnnModel squeezenet.onnx");

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string path = this.ResolveOutput(Path);
        if (!this.MayWrite(path, "Export model", Force))
        {
            return;
        }

        this.Try(Model!, () =>
        {
            var clock = Stopwatch.StartNew();
            OnnxWriter.Write(Model!, path);
            this.HasWritten(path, PassThru, $": {Model}, in {clock.Elapsed.TotalSeconds:0.00} s");
        });
    }
}
