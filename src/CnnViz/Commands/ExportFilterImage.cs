using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Pictures;
using CnnViz.Showing.Files;

namespace CnnViz.Commands;

/// <summary>Export-FilterImage: pictures to files.</summary>
[Cmdlet(VerbsData.Export, "FilterImage", SupportsShouldProcess = true, DefaultParameterSetName = "Image")]
[OutputType(typeof(FileInfo))]
public sealed class ExportFilterImageCommand : CnnVizCommand
{
    private PictureFiles? _files;

    /// <summary>A folder, or a template of file names.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PlaceholderCompleter))]
    [NoObject]
    public string Path { get; set; } = ".";

    /// <summary>The pictures.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Image")]
    [ValidateNotNull]
    public FilterImage[] InputObject { get; set; } = [];

    /// <summary>Parts of images that fire filters.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Patch")]
    [ValidateNotNull]
    public FilterPatch[] Patch { get; set; } = [];

    /// <summary>Maps over images.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Map")]
    [ValidateNotNull]
    public FilterMap[] Map { get; set; } = [];

    /// <summary>Format of the files.</summary>
    [Parameter]
    public PictureFormat Format { get; set; }

    /// <summary>Quality of the formats that lose something.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; }

    /// <summary>Makes pictures transparent where the ascent was not at work.</summary>
    [Parameter(ParameterSetName = "Image")]
    public SwitchParameter Transparency { get; set; }

    /// <summary>Keeps files that are there already as they would be written.</summary>
    [Parameter]
    public SwitchParameter SkipExisting { get; set; }

    /// <summary>Replaces files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Puts out the files that were written.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(InputObject.Length + Patch.Length + Map.Length, "NoPicture", "Import-FilterImage *.png | Export-FilterImage out");
        bool isGiven = IsBound(nameof(Format));
        _files = this.ResolveTemplate(Path, path => new PictureFiles(path, isGiven ? Format : null));
        if (Transparency && !_files.Format.HasTransparency())
        {
            var exception = new CnnVizException(
                "TransparencyUnsupported",
                $"{_files.Format} files cannot be transparent.",
                "Choose -Format Png, Webp or Tiff, or leave -Transparency out.");
            ThrowTerminatingError(exception.ToErrorRecord(Path));
        }
    }

    private protected override void Process()
    {
        foreach (FilterImage image in InputObject)
        {
            if (image.HasSignal)
            {
                this.Try(image, () => Export(Picture.Of(image, Transparency), image));
                continue;
            }

            WriteWarning($"'{image.Objective}' is not exported: it has no picture ({image.Status}).");
        }

        foreach (ActivationPicture picture in Patch.Concat<ActivationPicture>(Map))
        {
            this.Try(picture, () => Export(Picture.Of(picture), picture));
        }
    }

    private void Export(Picture picture, object source)
    {
        string path = _files!.TakePath(picture);
        int? quality = IsBound(nameof(Quality)) ? Quality : null;
        bool isThere = SkipExisting && this.IsThere(path, PassThru, stop => _files.Has(picture, path, quality, stop));
        if (!isThere && this.MayWrite(path, "Export picture", Force))
        {
            this.WriteFile(path, PassThru, stop => _files.Write(picture, path, quality, stop), source);
        }
    }
}
