using System.Management.Automation;
using CnnViz.Ascent;
using CnnViz.Models;

namespace CnnViz.Commands;

/// <summary>Invoke-FilterMaximization: layers or filters to pictures.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "FilterMaximization", DefaultParameterSetName = "Layer")]
[OutputType(typeof(FilterImage))]
public sealed class InvokeFilterMaximizationCommand : AscentCommand
{
    // Filters that came one by one and wait for others of their layer.
    private readonly List<CnnFilter> _waiting = [];

    /// <summary>The layers.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Layer")]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    /// <summary>Filters of the layers by number; all, if none is given.</summary>
    [Parameter(Position = 0, ParameterSetName = "Layer")]
    [ValidateNotNullOrEmpty]
    public int[]? Filter { get; set; }

    /// <summary>Filters as Get-CnnFilter gives them.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = "Filter")]
    [ValidateNotNull]
    public CnnFilter[] InputObject { get; set; } = [];

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (CnnLayer layer in Layer)
        {
            Maximize(layer, [.. Exists(layer, Filter ?? Enumerable.Range(0, layer.Filters))]);
        }

        foreach (CnnFilter filter in InputObject)
        {
            if (_waiting.Count > 0 && _waiting[0].Layer != filter.Layer)
            {
                MaximizeWaiting();
            }

            _waiting.Add(filter);
            if (_waiting.Count == BatchSize)
            {
                MaximizeWaiting();
            }
        }
    }

    /// <inheritdoc />
    protected override void EndProcessing() => MaximizeWaiting();

    private IEnumerable<int> Exists(CnnLayer layer, IEnumerable<int> filters)
    {
        foreach (int filter in filters)
        {
            try
            {
                layer.GetFilter(filter);
            }
            catch (CnnVizException exception)
            {
                WriteError(exception.ToErrorRecord(layer));
                continue;
            }

            yield return filter;
        }
    }

    private void MaximizeWaiting()
    {
        if (_waiting.Count > 0)
        {
            Maximize(_waiting[0].Layer, [.. _waiting.Select(filter => filter.Index)]);
            _waiting.Clear();
        }
    }

    private void Maximize(CnnLayer layer, int[] filters)
    {
        if (filters.Length > 0)
        {
            Maximize(
                layer, $"Maximizing {layer.Name}", (progress, stop) => new FilterAscent(layer, Options).Run(filters, progress, stop));
        }
    }
}
