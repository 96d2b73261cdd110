using System.Diagnostics;
using System.Management.Automation;
using CnnViz.Export;
using CnnViz.Models;

namespace CnnViz.Commands;

/// <summary>Export-CnnModel: models to ONNX files.</summary>
[Cmdlet(VerbsData.Export, "CnnModel", SupportsShouldProcess = true)]
[OutputType(typeof(FileInfo))]
public sealed class ExportCnnModelCommand : PSCmdlet
{
    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The model.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the file that was written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        string path = SessionState.Path.GetUnresolvedProviderPathFromPSPath(Path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
        {
            ThrowTerminatingError(ErrorRecords.NotFileSystem(Path));
        }

        if (!ShouldProcess(path, "Export model"))
        {
            return;
        }

        if (File.Exists(path) && !Force)
        {
            WriteError(ErrorRecords.FileExists(path));
            return;
        }

        var clock = Stopwatch.StartNew();
        try
        {
            OnnxWriter.Write(Model!, path);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(Model));
            return;
        }

        var file = new FileInfo(path);
        WriteVerbose($"Wrote {Model} to '{path}' ({file.Length:N0} bytes) in {clock.Elapsed.TotalSeconds:0.00} s.");
        if (PassThru)
        {
            WriteObject(file);
        }
    }
}
