using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Pictures;
using CnnViz.Showing.Animations;

namespace CnnViz.Commands;

/// <summary>Export-FilterAnimation: ascents to moving pictures.</summary>
[Cmdlet(VerbsData.Export, "FilterAnimation", SupportsShouldProcess = true, DefaultParameterSetName = "Ascent")]
[OutputType(typeof(FileInfo))]
public sealed class ExportFilterAnimationCommand : CnnVizCommand
{
    // Pictures that are to be shown side by side, or one after the other.
    private FilterAnimation? _gathered;
    private AnimationFiles? _files;

    /// <summary>A folder, or a template of file names.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string Path { get; set; } = ".";

    /// <summary>The pictures, with snapshots.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public FilterImage[] InputObject { get; set; } = [];

    /// <summary>Format of the files.</summary>
    [Parameter]
    public AnimationFormat Format { get; set; }

    /// <summary>Time that a frame stands, in milliseconds.</summary>
    [Parameter]
    [ValidateRange(20, 60_000)]
    public int Delay { get; set; } = new AnimationSettings().Delay;

    /// <summary>Time that the last frame stands, in milliseconds.</summary>
    [Parameter]
    [ValidateRange(20, 600_000)]
    public int Hold { get; set; } = new AnimationSettings().Hold;

    /// <summary>How often the animation is shown; 0 for without end.</summary>
    [Parameter]
    [ValidateRange(0, 65_535)]
    public int Loop { get; set; }

    /// <summary>Quality of WebP.</summary>
    [Parameter]
    [ValidateRange(1, 100)]
    public int Quality { get; set; } = new AnimationSettings().Quality;

    /// <summary>Shows all pictures side by side in one file.</summary>
    [Parameter(ParameterSetName = "Ascent")]
    public SwitchParameter Together { get; set; }

    /// <summary>Shows one picture after the other in one file.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Sequence")]
    public SwitchParameter Sequence { get; set; }

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
        this.RequireInput(InputObject.Length, "NoPicture", "Get-CnnLayer conv1 | Invoke-FilterMaximization 3 -SnapshotEvery 8 | Export-FilterAnimation");
        _gathered = Together || Sequence ? new FilterAnimation(isSequence: Sequence) : null;
        bool isGiven = IsBound(nameof(Format));
        _files = this.ResolveTemplate(Path, path => new AnimationFiles(path, isGiven ? Format : null));
    }

    private protected override void Process()
    {
        foreach (FilterImage image in InputObject)
        {
            if (!image.HasSignal)
            {
                WriteWarning($"'{image.Objective}' is not exported: it has no picture ({image.Status}).");
                continue;
            }

            this.Try(image, () =>
            {
                FilterAnimation animation = _gathered ?? new FilterAnimation();
                animation.Add(image);
                if (animation != _gathered)
                {
                    Export(animation, image);
                }
            });
        }
    }

    private protected override void End()
    {
        if (_gathered is { Count: > 0 })
        {
            this.Try(Path, () => Export(_gathered, Path));
        }
    }

    private void Export(FilterAnimation animation, object target)
    {
        string path = _files!.TakePath(animation);
        var settings = new AnimationSettings { Delay = Delay, Hold = Hold, Loop = Loop, Quality = Quality };
        bool isThere = SkipExisting && this.IsThere(path, PassThru, stop => _files.Has(animation, path, settings, cancellation: stop));
        if (isThere || !this.MayWrite(path, "Export animation", Force))
        {
            return;
        }

        this.WriteFile<AnimationProgress>(
            path,
            PassThru,
            (progress, stop) => _files.Write(animation, path, settings, progress, stop),
            progress => new ProgressRecord(0, "Exporting animations", System.IO.Path.GetFileName(path))
            {
                PercentComplete = 100 * progress.Done / progress.Total,
            },
            target);
    }
}
