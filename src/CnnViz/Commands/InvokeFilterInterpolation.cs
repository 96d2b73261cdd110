using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Invoke-FilterInterpolation: filters to a row of pictures that goes from one to the next.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FilterInterpolation", DefaultParameterSetName = "Layer")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeFilterInterpolationCommand : AscentCommand
{
    private readonly List<CnnObjective> _between = [];
    private PartProgress? _parts;

    /// <summary>The layers; each has a row of its own.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Filter")]
    [LayerArgument]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>The filters of the layers by number, in the order of the row.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = "Layer")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[] Filter { get; set; } = [];

    /// <summary>Filters, objectives, and all that names a filter, in the order of the row.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Filter")]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The model of the filters, where they do not name one of the session's.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>Pictures from one filter to the next, both included.</summary>
    [Parameter]
    [ValidateRange(2, 1024)]
    public int Count { get; set; } = 5;

    /// <summary>How much the pictures have in common.</summary>
    [Parameter]
    [ValidateRange(0.0, 1.0)]
    public double Alignment { get; set; } = 0.8;

    /// <inheritdoc />
    [Parameter]
    [RecipeArgument(RecipePurpose.Filters)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public override Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Filters);

    private protected override PartProgress Parts => _parts ??= new PartProgress(this, "Interpolating filters", "row");

    private protected override void Begin()
    {
        this.RequireInput(
            Layer.Length + InputObject.Length, "NoLayer", "Get-CnnLayer conv1 | Invoke-FilterInterpolation -Filter 3, 5");
        base.Begin();
    }

    private protected override void Process()
    {
        foreach (CnnLayer layer in ParameterSetName == "Layer" ? Layer : [])
        {
            this.Try(layer, () => Interpolate([.. Filter.Select(filter => (CnnObjective)layer.GetFilter(filter))], layer));
        }

        foreach (PSObject input in InputObject)
        {
            this.Try(input, () => _between.AddRange(input.BaseObject is CnnObjective objective
                ? [objective]
                : NamedFilter.Find(input, Model, Layer).Select(filter => (CnnObjective)filter)));
        }
    }

    private protected override void End()
    {
        if (ParameterSetName == "Filter")
        {
            this.Try(null, () => Interpolate(_between, _between.FirstOrDefault()));
        }

        base.End();
    }

    private void Interpolate(IReadOnlyList<CnnObjective> between, object? target) => Maximize(
        target ?? this,
        $"Interpolating {string.Join(" to ", between)}",
        (progress, stop) => new FilterInterpolation(between, Count, Alignment, Options).Run(progress, stop),
        Layer.Length);
}
