using System.Management.Automation;
using CnnViz.Catalogue;
using CnnViz.Completion;

namespace CnnViz.Commands;

/// <summary>Find-CnnModel: the catalogue of published trained models.</summary>
[Cmdlet(VerbsCommon.Find, "CnnModel")]
[OutputType(typeof(PublishedModel))]
public sealed class FindCnnModelCommand : CnnVizCommand
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

    private protected override void Process()
    {
        var found = new HashSet<PublishedModel>();
        foreach (string name in Name)
        {
            found.UnionWith(Find(name));
        }

        WildcardPattern[] families = [.. Family.Select(family => Wildcards.Of(family))];
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
            var pattern = Wildcards.Of(name);
            return ModelCatalogue.Models.Where(model => pattern.IsMatch(model.Name));
        }

        try
        {
            return [ModelCatalogue.Get(name)];
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            WriteError(exception.ToErrorRecord(name));
            return [];
        }
    }
}
