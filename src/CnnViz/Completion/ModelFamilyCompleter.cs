using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Catalogue;

namespace CnnViz.Completion;

/// <summary>Completes the families of networks that the catalogue has.</summary>
public sealed class ModelFamilyCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(
            ModelCatalogue.Models
                .GroupBy(model => model.Family!)
                .OrderBy(group => group.Key)
                .Select(group => (group.Key, $"{group.Count()} models")),
            wordToComplete);
}
