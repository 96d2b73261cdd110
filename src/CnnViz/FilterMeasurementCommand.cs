using System.Management.Automation;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz;

/// <summary>A cmdlet that measures how filters react to pictures; the filters of a model together.</summary>
public abstract class FilterMeasurementCommand : PictureMeasurementCommand
{
    private readonly List<CnnFilter> _filters = [];

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[]? Filter { get; set; }

    /// <summary>Filters as Get-CnnFilter gives them, and rows of a table with Layer and Filter.</summary>
    [Parameter(ValueFromPipeline = true)]
    [FilterArgument]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    private protected sealed override void End()
    {
        base.End();
        foreach (IGrouping<CnnModel, CnnFilter> model in Pictures.Count == 0 ? [] : _filters.GroupBy(filter => filter.Model))
        {
            Measure(model.Key, [.. model]);
        }
    }

    private protected sealed override bool GatherTargets(Func<string, bool> isNew)
    {
        foreach (CnnLayer layer in isNew(nameof(Layer)) ? Layer : [])
        {
            foreach (int filter in Filter ?? Enumerable.Range(0, layer.Filters))
            {
                this.Try(layer, () => _filters.Add(layer.GetFilter(filter)));
            }
        }

        if (isNew(nameof(InputObject)))
        {
            _filters.AddRange(InputObject);
        }

        return Layer.Length > 0 || InputObject.Length > 0;
    }

    /// <summary>Measures filters of one model on all pictures.</summary>
    private protected abstract void Measure(CnnModel model, CnnFilter[] filters);
}
