using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;

namespace CnnViz.Commands;

/// <summary>Invoke-DeepDream: photos, and what layers see in them, exaggerated.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "DeepDream", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeDeepDreamCommand : PictureCommand
{
    private readonly List<CnnObjective> _objectives = [];
    private readonly List<string> _photos = [];
    private PartProgress? _parts;
    private Recipe _recipe = Recipe.DeepDream;
    private ExistingPictures? _existing;

    /// <summary>Photos and folders of photos, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [Alias("InitialImage")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>What is raised: layers, filters, objectives.</summary>
    [Parameter(ValueFromPipeline = true)]
    [Alias("Layer")]
    [FilterArgument]
    [ValidateNotNull]
    public CnnObjective[] Objective { get; set; } = [];

    /// <summary>The weight of each of them.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public double[]? Weight { get; set; }

    /// <summary>How strong the dream is.</summary>
    [Parameter]
    [ValidateRange(0.001, 1000.0)]
    public double Strength { get; set; } = 1;

    /// <summary>The numbers of the dream.</summary>
    [Parameter]
    [RecipeArgument(RecipePurpose.Dreams)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Dreams);

    /// <summary>Steps at each octave.</summary>
    [Parameter]
    public int Steps { get; set; }

    /// <summary>Sizes that a photo is dreamt at.</summary>
    [Parameter]
    public int? Octaves { get; set; }

    /// <summary>Side of the largest piece that runs through the network at once.</summary>
    [Parameter]
    public int? TileSize { get; set; }

    /// <summary>What the random tiles follow from.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Folders and files of dreams that are not made again.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string[]? SkipExisting { get; set; }

    private PartProgress Parts => _parts ??= new PartProgress(this, "Dreaming", "photo");

    private protected override void Begin()
    {
        base.Begin();
        Recipe recipe = this.WithGiven(Recipe, RecipeRules.CheckIsDream);
        _recipe = recipe with { Update = recipe.Update with { StepSize = (float)Strength * recipe.Update.StepSize } };
        _existing = SkipExisting is null ? null : this.ReadExisting(SkipExisting);
    }

    private protected override void Process()
    {
        base.Process();

        // Nothing more is to come but photos.
        if (IsGiven(nameof(Objective)))
        {
            Dream();
        }
    }

    private protected override void End()
    {
        base.End();
        Dream();
        Parts.End();
    }

    private protected override bool GatherTargets(Func<string, bool> isNew)
    {
        if (isNew(nameof(Objective)))
        {
            _objectives.AddRange(Objective);
        }

        return _objectives.Count > 0;
    }

    private protected override void AddPicture(string path) => _photos.Add(path);

    private void Dream()
    {
        try
        {
            CnnObjective[] sums = [.. Sums()];
            foreach (string photo in _photos)
            {
                Array.ForEach(sums, sum => Dream(photo, sum));
            }
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(null));
        }

        _photos.Clear();
    }

    // One for each model.
    private IEnumerable<CnnObjective> Sums()
    {
        if (Weight is not null && Weight.Length != _objectives.Count)
        {
            throw new CnnVizException(
                "WeightMismatch",
                $"There are {Weight.Length} weights for {_objectives.Count} layers or objectives.",
                "Give one -Weight for each, in the order in which they come.");
        }

        return _objectives
            .Select((objective, i) => (Objective: objective, Weight: Weight?[i] ?? 1))
            .GroupBy(term => term.Objective.Model)
            .Select(terms => terms.Count() == 1 ? terms.First().Objective : new WeightedSum(terms));
    }

    private void Dream(string photo, CnnObjective objective)
    {
        string activity = $"Dreaming of {System.IO.Path.GetFileName(photo)}";

        // Photos that come through the pipeline are dreamt of one by one.
        int? total = _photos.Count > 1 ? _photos.Count : null;
        this.RunPart<DreamProgress>(
            Parts,
            (System.IO.Path.GetFileName(photo), total),
            photo,
            activity,
            (progress, stop) => new[] { new DeepDream(objective, _recipe, Seed).RunIfMissing(photo, _existing, progress, stop) }.OfType<FilterImage>(),
            progress => progress.ToRecord(activity));
    }
}
