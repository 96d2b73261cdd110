using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Plans;

/// <summary>Gathers layers and filters of one model for a plan.</summary>
/// <param name="options">How the pictures are made: recipe, seed, count, direction.</param>
/// <param name="format">Format of the pictures' files.</param>
internal sealed class PlanMaker(AscentOptions options, PictureFormat format)
{
    private readonly Dictionary<CnnLayer, SortedSet<int>> _filters = [];
    private readonly Dictionary<CnnLayer, double> _costs = [];
    private readonly List<CnnLayer> _layers = [];

    /// <summary>Whether nothing has come yet.</summary>
    public bool IsEmpty => _layers.Count == 0;

    /// <summary>Adds filters; one that is there already counts once.</summary>
    /// <param name="layer">Their layer.</param>
    /// <param name="filters">Their numbers.</param>
    /// <exception cref="CnnVizException">The layer is of another model than those before (PlanModelsDiffer), has no such filter, or
    /// its model was disposed.</exception>
    /// <exception cref="ImageSizeException">The layer cannot take the size.</exception>
    public void Add(CnnLayer layer, IEnumerable<int> filters)
    {
        using IDisposable lease = layer.Model.Lease();
        if (!IsEmpty && _layers[0].Model != layer.Model)
        {
            throw new CnnVizException(
                "PlanModelsDiffer",
                $"Layer '{layer.Name}' is of the model '{layer.ModelName}', and those before it are of '{_layers[0].ModelName}'.",
                "Make a plan for each model.");
        }

        int[] numbers = [.. filters.Select(filter => layer.GetFilter(filter).Index)];
        if (numbers.Length == 0)
        {
            return;
        }

        if (!_filters.TryGetValue(layer, out SortedSet<int>? known))
        {
            _costs[layer] = PlanCost.Of(layer, options);
            _filters[layer] = known = [];
            _layers.Add(layer);
        }

        known.UnionWith(numbers);
    }

    /// <summary>The plan of all that has come; something must have.</summary>
    public FilterPlan ToPlan() => new()
    {
        Model = PlanModel.Of(_layers[0].Model),
        Recipe = options.Recipe,
        Seed = options.Seed,
        Count = options.Count,
        Minimize = options.Minimize,
        Format = format,
        Layers = new ValueList<PlanLayer>(_layers.Select(layer => new PlanLayer
        {
            Name = layer.Name,
            Filters = new ValueList<int>(_filters[layer]),
            Cost = Math.Round(_costs[layer], 6) is > 0 and var cost ? cost : 1e-6,
        })),
    };
}
