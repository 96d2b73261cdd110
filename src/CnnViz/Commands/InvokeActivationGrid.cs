using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Invoke-ActivationGrid: photos and layers to pictures of what the layers see at each position.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "ActivationGrid", DefaultParameterSetName = "Path")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeActivationGridCommand : PictureCommand
{
    // Tiles are small, and many: more steps show no more.
    private const int UsualSteps = 32;

    private readonly List<CnnLayer> _layers = [];
    private readonly List<string> _photos = [];
    private PartProgress? _parts;
    private AscentOptions _options = new();

    /// <summary>Photos and folders of photos, with wildcards.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = "Path")]
    [FilePath]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public override string[] Path { get; set; } = [];

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>The most tiles side by side, and one below the other.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int Columns { get; set; } = 14;

    /// <summary>Side of a tile.</summary>
    [Parameter]
    [ValidateRange(8, 1024)]
    public int TileSize { get; set; } = 64;

    /// <summary>How much directions count, and not lengths.</summary>
    [Parameter]
    [ValidateRange(0.0, 16.0)]
    public double CosinePower { get; set; } = 2;

    /// <summary>The numbers of the ascent of each tile.</summary>
    [Parameter]
    [RecipeArgument(RecipePurpose.Filters)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Filters) with { Steps = UsualSteps };

    /// <summary>Number of steps.</summary>
    [Parameter]
    public int Steps { get; set; }

    /// <summary>What the noise follows from.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>How many tiles climb at once.</summary>
    [Parameter]
    [ValidateRange(1, 1024)]
    public int BatchSize { get; set; }

    private PartProgress Parts => _parts ??= new PartProgress(this, "Drawing activation grids", "photo");

    private protected override void Begin()
    {
        base.Begin();
        Recipe recipe = this.WithGiven(Recipe, RecipeRules.CheckIsNoDream, nameof(TileSize));
        _options = new AscentOptions
        {
            Recipe = recipe with { Size = IsBound(nameof(TileSize)) || recipe.Size is null ? new PictureSize(TileSize, TileSize) : recipe.Size },
            Seed = Seed,
            BatchSize = IsBound(nameof(BatchSize)) ? BatchSize : null,
        };
    }

    private protected override void Process()
    {
        base.Process();

        // Nothing more is to come but photos.
        if (IsGiven(nameof(Layer)))
        {
            Draw();
        }
    }

    private protected override void End()
    {
        base.End();
        Draw();
        Parts.End();
    }

    private protected override bool GatherTargets(Func<string, bool> isNew)
    {
        _layers.AddRange(isNew(nameof(Layer)) ? Layer : []);
        return _layers.Count > 0;
    }

    private protected override void AddPicture(string path) => _photos.Add(path);

    private void Draw()
    {
        foreach (string photo in _photos)
        {
            foreach (CnnLayer layer in _layers)
            {
                string name = System.IO.Path.GetFileName(photo);
                string activity = $"Drawing what {layer} sees in {name}";
                this.RunPart<AscentProgress>(
                    Parts,
                    ($"{layer}, {name}", _photos.Count * _layers.Count is > 1 and var total ? total : null),
                    photo,
                    activity,
                    (progress, stop) => [new ActivationGrid(layer, _options, Columns, CosinePower).Run(photo, progress, stop)],
                    progress => progress.ToRecord(activity));
            }
        }

        _photos.Clear();
    }
}
