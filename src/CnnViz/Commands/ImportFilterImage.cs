using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Pictures;

namespace CnnViz.Commands;

/// <summary>Import-FilterImage: picture files to pictures.</summary>
[Cmdlet(VerbsData.Import, "FilterImage", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterImage))]
public sealed class ImportFilterImageCommand : PathCommand
{
    /// <summary>Picture files and folders of them, with wildcards.</summary>
    [Parameter(
        Mandatory = true,
        Position = 0,
        ValueFromPipeline = true,
        ValueFromPipelineByPropertyName = true,
        ParameterSetName = "Path")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>Looks into the folders of folders too.</summary>
    [Parameter]
    public SwitchParameter Recurse { get; set; }

    private protected override void Begin() => this.OfferRuntime();

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

        foreach (string picture in pictures.TakeWhile(_ => !Cancellation.IsCancellationRequested))
        {
            this.Try(picture, () => Import(picture));
        }
    }

    // One by one: whoever comes next in the pipeline may have done with a picture before the next is read.
    private void Import(string path)
    {
        if (!File.Exists(path))
        {
            WriteError(ErrorRecords.PathNotFound(path));
            return;
        }

        this.RunEngine<FilterImage, int>(path, "Importing pictures", (_, _) => [FilterImageFile.Read(path)], WriteObject, _ => null);
    }
}
