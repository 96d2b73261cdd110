using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Plans;

namespace CnnViz.Commands;

/// <summary>New-FilterPlan: layers and filters to a file that says which pictures are to be made of them, and how.</summary>
[Cmdlet(VerbsCommon.New, "FilterPlan", SupportsShouldProcess = true, DefaultParameterSetName = "Layer")]
[OutputType(typeof(FilterPlan))]
public sealed class NewFilterPlanCommand : RecipeCommand
{
    private PlanMaker? _maker;
    private string _path = string.Empty;

    /// <summary>The file.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [NoObject]
    public string Path { get; set; } = string.Empty;

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Filter")]
    [LayerArgument]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter(ParameterSetName = "Layer")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[]? Filter { get; set; }

    /// <summary>Filters, and all that names a filter.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Filter")]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The model of the filters, where they do not name one of the session's.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>The numbers of the ascents.</summary>
    [Parameter]
    [RecipeArgument(RecipePurpose.Filters)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Filters);

    /// <summary>What the noise follows from.</summary>
    [Parameter]
    public long Seed { get; set; }

    /// <summary>Pictures of each filter, from as many seeds.</summary>
    [Parameter]
    [ValidateRange(1, 1_000_000)]
    public int Count { get; set; } = 1;

    /// <summary>Goes down instead of up.</summary>
    [Parameter]
    public SwitchParameter Minimize { get; set; }

    /// <summary>Format of the pictures' files.</summary>
    [Parameter]
    public PictureFormat Format { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    private protected override void Begin()
    {
        this.RequireInput(Layer.Length + InputObject.Length, "NoLayer", "Get-CnnLayer | New-FilterPlan plan.json");
        _path = this.ResolveOutput(Path);
        Recipe recipe = this.WithGiven(Recipe, PlanText.CheckRecipe);
        _maker = new PlanMaker(new AscentOptions { Recipe = recipe, Seed = Seed, Count = Count, Minimize = Minimize }, Format);
    }

    private protected override void Process()
    {
        foreach (CnnLayer layer in ParameterSetName == "Layer" ? Layer : [])
        {
            this.Try(layer, () => Add(layer, Filter));
        }

        foreach (PSObject input in InputObject)
        {
            this.Try(input, () =>
            {
                if (input.BaseObject is CnnLayer layer)
                {
                    Add(layer, null);
                    return;
                }

                foreach (CnnFilter filter in NamedFilter.Find(input, Model, Layer))
                {
                    Add(filter.Layer, [filter.Index]);
                }
            });
        }
    }

    private protected override void End()
    {
        if (_maker!.IsEmpty)
        {
            return;
        }

        FilterPlan plan = _maker.ToPlan();
        PlanText.CheckSize(plan);
        if (this.MayWrite(_path, "Write plan", Force))
        {
            plan.Write(_path);
            WriteVerbose($"Wrote '{_path}': {plan}.");
            WriteObject(plan with { Path = _path });
        }
    }

    // The sizes in the network are found out by trying.
    private void Add(CnnLayer layer, IEnumerable<int>? filters) => this.RunWork<int>(
        "Planning",
        (progress, _) =>
        {
            progress.Report(0);
            _maker!.Add(layer, filters ?? Enumerable.Range(0, layer.Filters));
        },
        _ => new ProgressRecord(0, "Planning", layer.Name));
}
