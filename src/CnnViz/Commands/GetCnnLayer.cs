using System.Management.Automation;
using CnnViz.Completion;
using CnnViz.Networks;

namespace CnnViz.Commands;

/// <summary>Get-CnnLayer: models to layers.</summary>
[Cmdlet(VerbsCommon.Get, "CnnLayer")]
[OutputType(typeof(CnnLayer))]
public sealed class GetCnnLayerCommand : PSCmdlet
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

    /// <summary>The models; the one imported last, if none is given.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public CnnModel[]? Model { get; set; }

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        foreach (CnnModel model in this.ModelsOrLast(Model))
        {
            WriteLayers(model);
        }
    }

    private void WriteLayers(CnnModel model)
    {
        WildcardPattern[] kinds = [.. Kind.Select(kind => WildcardPattern.Get(kind, WildcardOptions.IgnoreCase))];
        WildcardPattern[] names = [.. Name.Select(name => WildcardPattern.Get(name, WildcardOptions.IgnoreCase))];
        try
        {
            model.ThrowIfDisposed();
        }
        catch (CnnVizException exception)
        {
            WriteError(exception.ToErrorRecord(model));
            return;
        }

        foreach (string name in Name.Where(name => !WildcardPattern.ContainsWildcardCharacters(name)))
        {
            WriteErrorIfMissing(model, name);
        }

        foreach (string kind in Kind.Where(kind => !WildcardPattern.ContainsWildcardCharacters(kind)))
        {
            WriteErrorIfNoneIs(model, kind);
        }

        WriteObject(
            model.Layers.Where(layer =>
                names.Any(pattern => pattern.IsMatch(layer.Name)) && kinds.Any(pattern => pattern.IsMatch(layer.Kind))),
            enumerateCollection: true);
    }

    private void WriteErrorIfNoneIs(CnnModel model, string kind)
    {
        string[] kinds = [.. model.Layers.Select(layer => layer.Kind).Distinct()];
        if (!kinds.Contains(kind, StringComparer.OrdinalIgnoreCase))
        {
            var exception = new CnnVizException(
                "LayerKindNotFound",
                $"Model '{model.Name}' has no layer of the kind '{kind}'. Its kinds are {string.Join(", ", kinds)}.",
                $"Use wildcards, as in '{kind}*', for all kinds that begin like this.");
            WriteError(exception.ToErrorRecord(kind));
        }
    }

    private void WriteErrorIfMissing(CnnModel model, string name)
    {
        if (model.Layers.Any(layer => string.Equals(layer.Name, name, StringComparison.OrdinalIgnoreCase)))
        {
            return;
        }

        try
        {
            model.GetLayer(name);
        }
        catch (CnnVizException exception)
        {
            WriteError(exception.ToErrorRecord(name));
        }
    }
}
