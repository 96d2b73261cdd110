using System.Management.Automation;
using CnnViz.Ascent;

namespace CnnViz;

/// <summary>What all cmdlets share that make pictures by gradient ascent: the recipe, and how it is used.</summary>
public abstract class AscentCommand : RecipeCommand
{
    private PartProgress? _parts;

    /// <summary>The numbers of the ascent: a name, a recipe, or settings; each cmdlet says what names mean.</summary>
    public abstract Recipe Recipe { get; set; }

    /// <summary>A picture to start from.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? InitialImage { get; set; }

    /// <summary>What the noise follows from.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>The most threads that work at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int ThrottleLimit { get; set; }

    /// <summary>Steps from one picture on the way to the next.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int SnapshotEvery { get; set; }

    /// <summary>Goes down instead of up.</summary>
    [Parameter]
    public SwitchParameter Minimize { get; set; }

    /// <summary>The recipe, before settings of the command line change it.</summary>
    private protected virtual Recipe Usual => Recipe;

    /// <summary>Progress over all that comes through the pipeline.</summary>
    private protected virtual PartProgress Parts => _parts ??= new PartProgress(this, "Maximizing filters", "layer");

    /// <summary>What the user asks for; known from the beginning on.</summary>
    private protected AscentOptions Options { get; set; } = new();

    private protected override void Begin()
    {
        string? picture = InitialImage is null ? null : GetUnresolvedProviderPathFromPSPath(InitialImage);
        if (picture is not null && !File.Exists(picture))
        {
            ThrowTerminatingError(ErrorRecords.PathNotFound(InitialImage!));
        }

        Recipe recipe = this.WithGiven(Usual, RecipeRules.CheckIsNoDream);
        foreach (string unused in UnusedSettings.Of(recipe))
        {
            WriteWarning(unused);
        }

        Options = new AscentOptions
        {
            Recipe = recipe,
            InitialImage = picture,
            Seed = Seed,
            ThrottleLimit = IsBound(nameof(ThrottleLimit)) ? ThrottleLimit : null,
            SnapshotEvery = SnapshotEvery,
            Minimize = Minimize,
        };
    }

    private protected override void End() => Parts.End();

    /// <summary>Runs ascents and writes their pictures as they come; an error is written for the target.</summary>
    /// <param name="target">What errors are about.</param>
    /// <param name="activity">What progress is about.</param>
    /// <param name="ascend">Makes the pictures.</param>
    /// <param name="total">How many targets there are, if there are several and that is known.</param>
    private protected void Maximize(
        object target,
        string activity,
        Func<IProgress<AscentProgress>, CancellationToken, IEnumerable<FilterImage>> ascend,
        int total) =>
        this.RunPart(
            Parts,
            (target.ToString()!, MyInvocation.ExpectingInput || total <= 1 ? null : total),
            target,
            activity,
            ascend,
            progress => progress.ToRecord(activity));
}
