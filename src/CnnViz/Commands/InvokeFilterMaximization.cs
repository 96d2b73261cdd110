using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Invoke-FilterMaximization: layers, filters or objectives to pictures.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FilterMaximization", DefaultParameterSetName = "Layer")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeFilterMaximizationCommand : AscentCommand
{
    // What came one by one and waits for others that can climb with it.
    private readonly List<CnnObjective> _waiting = [];

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Layer")]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = "Layer")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[]? Filter { get; set; }

    /// <summary>Filters as Get-CnnFilter gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Filter")]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    /// <summary>What is raised instead of single filters.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Objective")]
    [ValidateNotNull]
    public CnnObjective[] Objective { get; set; } = [];

    /// <inheritdoc />
    [Parameter]
    [RecipeArgument(RecipePurpose.Filters)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public override Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Filters);

    /// <inheritdoc />
    protected override void BeginProcessing()
    {
        this.RequireInput(Layer.Length + InputObject.Length + Objective.Length, "layer", "Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 3");
        base.BeginProcessing();
    }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (CnnLayer layer in Layer)
        {
            Maximize([.. Exists(layer, Filter ?? Enumerable.Range(0, layer.Filters))], layer);
        }

        foreach (CnnFilter filter in InputObject)
        {
            Gather(filter);
        }

        foreach (CnnObjective objective in Objective)
        {
            Gather(objective);
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing()
    {
        MaximizeWaiting();
        base.EndProcessing();
    }

    private IEnumerable<CnnObjective> Exists(CnnLayer layer, IEnumerable<int> filters)
    {
        foreach (int filter in filters)
        {
            CnnFilter found;
            try
            {
                found = layer.GetFilter(filter);
            }
            catch (CnnVizException exception)
            {
                WriteError(exception.ToErrorRecord(layer));
                continue;
            }

            yield return found;
        }
    }

    // Those that look at the same layers climb together.
    private void Gather(CnnObjective objective)
    {
        if (_waiting.Count > 0 && !_waiting[0].Layers.SequenceEqual(objective.Layers))
        {
            MaximizeWaiting();
        }

        _waiting.Add(objective);
        if (_waiting.Count >= (Options.BatchSize ?? AscentOptions.UsualBatchSize))
        {
            MaximizeWaiting();
        }
    }

    private void MaximizeWaiting()
    {
        CnnObjective[] objectives = [.. _waiting];
        _waiting.Clear();
        Maximize(objectives, objectives.FirstOrDefault()?.Layers[0]);
    }

    private void Maximize(IReadOnlyList<CnnObjective> objectives, CnnLayer? layer)
    {
        if (objectives.Count > 0)
        {
            Maximize(layer!, $"Maximizing {layer}", (progress, stop) => new ObjectiveAscent(objectives, Options).Run(progress, stop), Layer.Length);
        }
    }
}
