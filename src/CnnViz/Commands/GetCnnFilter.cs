using System.Management.Automation;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Get-CnnFilter: layers to filters.</summary>
[Cmdlet(VerbsCommon.Get, "CnnFilter")]
[OutputType(typeof(CnnFilter))]
public sealed class GetCnnFilterCommand : CnnVizCommand
{
    /// <summary>Numbers of filters; all, if none is given.</summary>
    [Parameter(Position = 0)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FilterCompleter))]
    public int[]? Index { get; set; }

    /// <summary>The layers.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnLayer[] Layer { get; set; } = [];

    private protected override void Begin() => this.RequireInput(Layer.Length, "NoLayer", "Get-CnnLayer conv1 | Get-CnnFilter");

    private protected override void Process()
    {
        foreach (CnnLayer layer in Layer)
        {
            foreach (int index in Index ?? Enumerable.Range(0, layer.Filters))
            {
                try
                {
                    layer.Model.ThrowIfDisposed();
                    WriteObject(layer.GetFilter(index));
                }
                catch (Exception exception) when (exception.IsExpected())
                {
                    WriteError(exception.ToErrorRecord(layer));
                }
            }
        }
    }
}
