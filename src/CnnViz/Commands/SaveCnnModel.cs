using System.Management.Automation;
using System.Net;
using CnnViz.Catalogue;
using CnnViz.Completion;

namespace CnnViz.Commands;

/// <summary>Save-CnnModel: published models to files.</summary>
[Cmdlet(VerbsData.Save, "CnnModel", SupportsShouldProcess = true, DefaultParameterSetName = "Name")]
[OutputType(typeof(FileInfo))]
public sealed class SaveCnnModelCommand : CnnVizCommand
{
    private readonly DownloadWorker _worker;
    private string _folder = ModelCache.Folder;

    /// <summary>Makes the cmdlet.</summary>
    public SaveCnnModelCommand() => _worker = new DownloadWorker(this);

    /// <summary>Names of models.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Name")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PublishedModelCompleter))]
    [NoObject]
    public string[] Name { get; set; } = [];

    /// <summary>The models.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "InputObject")]
    [ValidateNotNull]
    public PublishedModel[] InputObject { get; set; } = [];

    /// <summary>The folder; the cache, if none is given.</summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>Address of a proxy.</summary>
    [Parameter]
    [ValidateNotNull]
    public Uri? Proxy { get; set; }

    /// <summary>Name and password for it.</summary>
    [Parameter]
    [ValidateNotNull]
    public PSCredential? ProxyCredential { get; set; }

    /// <summary>Seconds without any data after which the connection counts as broken.</summary>
    [Parameter]
    [ValidateRange(1, 3600)]
    public int TimeoutSec { get; set; } = 30;

    /// <summary>Downloads again, and replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the files.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        if (Path is not null)
        {
            _folder = this.ResolveOutput(Path);
        }
    }

    private protected override void Process()
    {
        foreach (string name in ParameterSetName == "Name" ? Name : [])
        {
            this.Try(name, () => Save(ModelCatalogue.Get(name)));
        }

        foreach (PublishedModel model in InputObject)
        {
            this.Try(model, () => Save(model));
        }
    }

    private void Save(PublishedModel model)
    {
        model.ThrowIfNotFetchable();
        string path = System.IO.Path.Combine(_folder, model.FileName);
        if (!ShouldProcess(path, $"Download {model} ({model.SizeMB} MB) from {model.Uri}"))
        {
            return;
        }

        if (!Force && File.Exists(path))
        {
            if (!_worker.IsThere(model, path))
            {
                WriteError(ErrorRecords.FileExists(path));
                return;
            }

            WriteVerbose($"'{path}' is there, and is {model} as published.");
        }
        else
        {
            _worker.Download(model, path, new DownloadOptions
            {
                Proxy = Proxy,
                ProxyCredential = ProxyCredential?.GetNetworkCredential() ?? CredentialOf(Proxy),
                Patience = TimeSpan.FromSeconds(TimeoutSec),
            });
        }

        if (PassThru)
        {
            this.WriteItem(path);
        }
    }

    // As in http://name:password@proxy:3128.
    private static NetworkCredential? CredentialOf(Uri? proxy) =>
        proxy?.UserInfo.Split(':', 2) is [var name, var password]
            ? new NetworkCredential(Uri.UnescapeDataString(name), Uri.UnescapeDataString(password))
            : null;
}
