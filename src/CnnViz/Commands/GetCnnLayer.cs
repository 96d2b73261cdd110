using System.Management.Automation;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Get-CnnLayer: models to layers.</summary>
[Cmdlet(VerbsCommon.Get, "CnnLayer")]
[OutputType(typeof(CnnLayer))]
public sealed class GetCnnLayerCommand : CnnVizCommand
{
    /// <summary>Names of layers, with wildcards.</summary>
    [Parameter(Position = 0)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerNameCompleter))]
    [NoObject]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Kinds of layers, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(LayerKindCompleter))]
    public string[] Kind { get; set; } = ["*"];

    /// <summary>Blocks, and not layers.</summary>
    [Parameter]
    public SwitchParameter Blocks { get; set; }

    /// <summary>The models; the one imported last, if none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel[]? Model { get; set; }

    private protected override void Process()
    {
        foreach (CnnModel model in this.ModelsOrLast(Model))
        {
            WriteLayers(model);
        }
    }

    private void WriteLayers(CnnModel model)
    {
        var choice = new LayerChoice(Name, Kind, Blocks);
        try
        {
            model.ThrowIfDisposed();
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(model));
            return;
        }

        foreach (string name in choice.Missing(model))
        {
            WriteMissing(model, name);
        }

        foreach (string kind in choice.MissingKinds(model))
        {
            WriteError(NoneIs(model, kind).ToErrorRecord(kind));
        }

        WriteObject(choice.Of(model), enumerateCollection: true);
    }

    private static CnnVizException NoneIs(CnnModel model, string kind) => new(
        "LayerKindNotFound",
        $"Model '{model.Name}' has no layer of the kind '{kind}'. "
        + $"Its kinds are {string.Join(", ", model.LayersAndBlocks.Select(layer => layer.Kind).Distinct())}.",
        $"Use wildcards, as in '{kind}*', for all kinds that begin like this.");

    private void WriteMissing(CnnModel model, string name)
    {
        try
        {
            model.GetLayer(name);
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(name));
        }
    }
}
