using System.Management.Automation;
using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Quality;
using CnnViz.Showing.Drawing;
using CnnViz.Showing.Files;
using CnnViz.Showing.Sheets;

namespace CnnViz.Commands;

/// <summary>Export-FilterSheet: many pictures to contact sheets.</summary>
[Cmdlet(VerbsData.Export, "FilterSheet", SupportsShouldProcess = true, DefaultParameterSetName = "Image")]
[OutputType(typeof(FileInfo))]
public sealed class ExportFilterSheetCommand : CnnVizCommand
{
    private readonly OrderedSheets _sheets = new();
    private SheetOptions _options = new();
    private PictureFiles? _files;

    /// <summary>A folder, or a template of file names.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
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

    /// <summary>A folder that Invoke-FilterPlan has written pictures to.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Plan")]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string? Plan { get; set; }

    /// <summary>Figures of the pictures, of which the verdicts are shown.</summary>
    [Parameter(ParameterSetName = "Image")]
    [Parameter(ParameterSetName = "Plan")]
    [ValidateNotNull]
    public FilterImageQuality[] ImageQuality { get; set; } = [];

    /// <summary>Which pictures are together.</summary>
    [Parameter]
    public SheetGrouping GroupBy { get; set; }

    /// <summary>What the columns are.</summary>
    [Parameter]
    public SheetComparison Compare { get; set; }

    /// <summary>Pictures beside each other.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int Columns { get; set; }

    /// <summary>One side of the place of a picture, or height and width, in pixels.</summary>
    [Parameter]
    [ValidateCount(1, 2)]
    [ValidateRange(16, 4096)]
    public int[]? TileSize { get; set; }

    /// <summary>Pixels between two pictures.</summary>
    [Parameter]
    [ValidateRange(0, 512)]
    public int Margin { get; set; }

    /// <summary>The colour behind the pictures.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string Background { get; set; } = "white";

    /// <summary>What stands under each picture.</summary>
    [Parameter]
    [AllowEmptyString]
    public string? Label { get; set; }

    /// <summary>Format of the files.</summary>
    [Parameter]
    public PictureFormat Format { get; set; }

    /// <summary>Quality of the formats that lose something.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; }

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
        this.RequireInput(InputObject.Length + Patch.Length + Map.Length + (Plan is null ? 0 : 1), "NoPicture", "Import-FilterImage *.png | Export-FilterSheet sheets");
        _files = this.ResolveTemplate(Path, path => new PictureFiles(path, IsBound(nameof(Format)) ? Format : null));
        try
        {
            if (IsBound(nameof(Compare)) && IsBound(nameof(Columns)))
            {
                throw new CnnVizException(
                    "ColumnsUnsuitable", $"A sheet that compares has one column for each {Compare}.", "Leave -Columns or -Compare out.");
            }

            Placeholders.Check(Label ?? string.Empty, "the label");
            _options = new SheetOptions
            {
                Grouping = GroupBy,
                Comparison = IsBound(nameof(Compare)) ? Compare : null,
                Columns = IsBound(nameof(Columns)) ? Columns : null,
                TileSize = TileSize is { } size ? (size[0], size[^1]) : null,
                Margin = IsBound(nameof(Margin)) ? Margin : null,
                Qualities = ImageQuality,
                Background = RgbColour.Parse(Background),
                Label = IsBound(nameof(Label)) ? Label ?? string.Empty : null,
            };
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            ThrowTerminatingError(exception.ToErrorRecord(exception is CnnVizException { ErrorId: "UnknownColour" } ? Background : Label));
        }
    }

    private protected override void Process()
    {
        this.EachImage(Plan, image => this.Try(image, () => Add(SheetTile.Of(image, _options))));
        foreach (FilterImage image in InputObject)
        {
            this.Try(image, () => Add(SheetTile.Of(image, _options)));
        }

        foreach (ActivationPicture picture in Patch.Concat<ActivationPicture>(Map))
        {
            this.Try(picture, () => Add(SheetTile.Of(picture, _options)));
        }
    }

    private protected override void End()
    {
        foreach (PlannedSheet sheet in _sheets.All)
        {
            this.Try(Path, () =>
            {
                foreach (SheetPage page in sheet.Sheet?.Finish() ?? [])
                {
                    Write(sheet, page);
                }
            });
        }
    }

    private void Add(SheetTile tile)
    {
        PlannedSheet sheet = _sheets.Get(tile, GroupBy, _options.Comparison, PlanSheet);
        if (sheet.Sheet?.Add(tile) is { } page)
        {
            Write(sheet, page);
        }
    }

    // Asked before the pictures are made, not when all are there: what cannot be written is said at the first one.
    private PlannedSheet PlanSheet(SheetTile first)
    {
        bool byLayer = GroupBy == SheetGrouping.Layer;
        var names = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase) { ["Model"] = first.Model };
        if (byLayer)
        {
            names["Layer"] = first.Layer;
        }

        string path;
        try
        {
            path = _files!.TakePath(byLayer ? "{Layer}" : "{Model}", names);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(Path));
            return PlannedSheet.None;
        }

        if (!ShouldProcess(path, "Export sheet"))
        {
            return PlannedSheet.None;
        }

        // What is there may be what is to be written; that is known when all pictures are there.
        return this.IsFree(path, Force || SkipExisting) ? new PlannedSheet(path, new FilterSheet(_options)) : PlannedSheet.None;
    }

    private void Write(PlannedSheet sheet, SheetPage page)
    {
        string path = sheet.PathOf(page) is var wanted && wanted == sheet.Path ? wanted : _files!.TakePath(wanted);
        int? quality = IsBound(nameof(Quality)) ? Quality : null;
        bool isThere = SkipExisting && this.IsThere(path, PassThru, stop => page.IsIn(path, _files!.Format, quality, stop));
        if (isThere || !this.IsFree(path, Force))
        {
            return;
        }

        this.WriteFile<int>(
            path,
            PassThru,
            (progress, stop) =>
            {
                progress.Report(page.Count);
                page.Write(path, _files!.Format, quality, stop);
            },
            count => new ProgressRecord(0, "Exporting sheets", $"{System.IO.Path.GetFileName(path)}, {count} pictures"),
            details: () => $", {page.Count} pictures");
    }
}
