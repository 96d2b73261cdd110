using System.Management.Automation;
using CnnViz.Catalogue;
using CnnViz.Completion;

namespace CnnViz.Commands;

/// <summary>Find-CnnModel: the catalogue of published trained models.</summary>
[Cmdlet(VerbsCommon.Find, "CnnModel")]
[OutputType(typeof(PublishedModel))]
public sealed class FindCnnModelCommand : PSCmdlet
{
    /// <summary>Names of models, with wildcards.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(PublishedModelCompleter))]
    [NoObject]
    public string[] Name { get; set; } = ["*"];

    /// <summary>Families of networks, with wildcards.</summary>
    [Parameter]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ModelFamilyCompleter))]
    public string[] Family { get; set; } = ["*"];

    /// <summary>Formats of files.</summary>
    [Parameter]
    [ValidateSet("ONNX", "PyTorch")]
    public string[] Format { get; set; } = ["ONNX", "PyTorch"];

    /// <inheritdoc />
    protected override void ProcessRecord()
    {
        var found = new HashSet<PublishedModel>();
        foreach (string name in Name)
        {
            found.UnionWith(Find(name));
        }

        WildcardPattern[] families = [.. Family.Select(family => WildcardPattern.Get(family, WildcardOptions.IgnoreCase))];
        WriteObject(
            ModelCatalogue.Models.Where(model =>
                found.Contains(model)
                && families.Any(family => family.IsMatch(model.Family))
                && Format.Contains(model.Format, StringComparer.OrdinalIgnoreCase)),
            enumerateCollection: true);
    }

    private IEnumerable<PublishedModel> Find(string name)
    {
        if (WildcardPattern.ContainsWildcardCharacters(name))
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase);
            return ModelCatalogue.Models.Where(model => pattern.IsMatch(model.Name));
        }

        try
        {
            return [ModelCatalogue.Get(name)];
        }
        catch (CnnVizException exception)
        {
            WriteError(exception.ToErrorRecord(name));
            return [];
        }
    }
}
