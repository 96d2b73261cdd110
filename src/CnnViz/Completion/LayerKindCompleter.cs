using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CnnViz.Completion;

/// <summary>Completes the kinds of layers that a model has.</summary>
public sealed class LayerKindCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(
            CompletionModels.Find(commandAst, fakeBoundParameters)
                .SelectMany(model => model.LayersAndBlocks)
                .GroupBy(layer => layer.Kind)
                .OrderBy(group => group.Key)
                .Select(group => (group.Key, $"{group.Count()} layers")),
            wordToComplete);
}
