using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CnnViz.Completion;

/// <summary>Completes the names of layers.</summary>
public sealed class LayerNameCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(
            CompletionModels.Find(commandAst, fakeBoundParameters)
                .SelectMany(model => fakeBoundParameters.Contains("Blocks") ? model.Blocks : model.LayersAndBlocks)
                .Select(layer => (WildcardPattern.Escape(layer.Name), $"{layer.Name}: {layer.Kind}, {layer.Filters} filters")),
            wordToComplete);
}
