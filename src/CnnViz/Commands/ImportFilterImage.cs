using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Pictures;

namespace CnnViz.Commands;

/// <summary>Import-FilterImage: picture files to pictures.</summary>
[Cmdlet(VerbsData.Import, "FilterImage", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterImage))]
public sealed class ImportFilterImageCommand : PathCommand
{
    private volatile bool _isStopping;

    /// <summary>Picture files and folders of them, with wildcards.</summary>
    [Parameter(
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        ParameterSetName = "Path")]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>Looks into the folders of folders too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc />
    protected override void BeginProcessing() => this.OfferRuntime();

    /// <inheritdoc />
    protected override void ProcessFile(string path)
    {
        if (!Directory.Exists(path))
        {
            Import(path);
            return;
        }

        string[] pictures = PictureFormats.FilesIn(path, Recurse);
        if (pictures.Length == 0)
        {
            throw new CnnVizException(
                "PictureNotFound", $"There is no picture in '{path}'.", Recurse ? null : "Use -Recurse to include its subfolders.");
        }

        foreach (string picture in pictures.TakeWhile(_ => !_isStopping))
        {
            this.Try(picture, () => Import(picture));
        }
    }

    /// <inheritdoc />
    protected override void StopProcessing() => _isStopping = true;

    // One by one: whoever comes next in the pipeline may have done with a picture before the next is read.
    private void Import(string path)
    {
        if (!File.Exists(path))
        {
            WriteError(ErrorRecords.PathNotFound(path));
            return;
        }

        WriteObject(FilterImageFile.Read(path));
    }
}
