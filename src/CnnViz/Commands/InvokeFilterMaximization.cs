using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Invoke-FilterMaximization: layers, filters or objectives to pictures.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FilterMaximization", DefaultParameterSetName = "Layer")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeFilterMaximizationCommand : BatchCommand
{
    // What came one by one and waits for others that can climb with it.
    private readonly List<CnnObjective> _waiting = [];

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true, ParameterSetName = "Layer")]
    [Parameter(ParameterSetName = "Filter")]
    [LayerArgument]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = "Layer")]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[]? Filter { get; set; }

    /// <summary>Filters, objectives, and all that names a filter: activations, pictures, rows with Layer and Filter, numbers for given layers.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Filter")]
    [ValidateNotNull]
    public PSObject[] InputObject { get; set; } = [];

    /// <summary>The model of the filters, where they do not name one of the session's.</summary>
    [Parameter(ParameterSetName = "Filter")]
    [ValidateNotNull]
    public CnnModel? Model { get; set; }

    /// <summary>Goes on from the pictures that name the filters.</summary>
    [Parameter(ParameterSetName = "Filter")]
    public SwitchParameter Continue { get; set; }

    /// <summary>What is raised instead of single filters.</summary>
    [Parameter(Mandatory = true, ParameterSetName = "Objective")]
    [ValidateNotNull]
    public CnnObjective[] Objective { get; set; } = [];

    /// <inheritdoc />
    [Parameter]
    [RecipeArgument(RecipePurpose.Filters)]
    [ArgumentCompleter(typeof(RecipeCompleter))]
    [ValidateNotNull]
    public override Recipe Recipe { get; set; } = Recipe.Default(RecipePurpose.Filters);

    private protected override RecipePurpose Purpose => RecipePurpose.Filters;

    private protected override void Begin()
    {
        this.RequireInput(Layer.Length + InputObject.Length + Objective.Length, "NoLayer", "Get-CnnLayer conv1 | Invoke-FilterMaximization -Filter 3");
        base.Begin();
        if (Continue && InitialImage is not null)
        {
            var exception = new CnnVizException(
                "ContinueAndInitialImage", "With -Continue, each picture is where its ascent begins.", "Leave -InitialImage or -Continue out.");
            ThrowTerminatingError(exception.ToErrorRecord(InitialImage));
        }
    }

    private protected override void Process()
    {
        Array.ForEach(ParameterSetName == "Layer" ? Layer : [], MaximizeAll);

        foreach (PSObject input in InputObject)
        {
            this.Try(input, () =>
            {
                switch (input.BaseObject)
                {
                    case CnnObjective objective:
                        Gather(objective);
                        break;
                    case CnnLayer layer:
                        MaximizeWaiting();
                        MaximizeAll(layer);
                        break;
                    case FilterImage image when Continue:
                        MaximizeWaiting();
                        GoOn(image, NamedFilter.Find(input, Model));
                        break;
                    default:
                        Array.ForEach([.. NamedFilter.Find(input, Model, Layer)], filter => Gather(filter));
                        break;
                }
            });
        }

        foreach (CnnObjective objective in Objective)
        {
            Gather(objective);
        }
    }

    private protected override void End()
    {
        MaximizeWaiting();
        base.End();
    }

    private void MaximizeAll(CnnLayer layer) => Maximize([.. Exists(layer, Filter ?? Enumerable.Range(0, layer.Filters))], layer);

    // By the picture's own recipe and size, where no other is given.
    private void GoOn(FilterImage image, CnnFilter filter)
    {
        Recipe recipe = IsBound(nameof(Recipe)) ? Options.Recipe : this.WithGiven(image.Recipe, RecipeRules.CheckIsNoDream);
        AscentOptions options = Options with { Start = image, Recipe = recipe with { Size = recipe.Size ?? new PictureSize(image.Height, image.Width) } };
        Maximize(image, $"Maximizing {filter}", (progress, stop) => new ObjectiveAscent([filter], options).Run(progress, stop), 1);
    }

    private IEnumerable<CnnObjective> Exists(CnnLayer layer, IEnumerable<int> filters)
    {
        var found = new List<CnnObjective>();
        foreach (int filter in filters)
        {
            this.Try(layer, () => found.Add(layer.GetFilter(filter)));
        }

        return found;
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
