using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Import;

namespace CnnViz.Completion;

/// <summary>Completes the names of built-in models, then files.</summary>
public sealed class ModelPathCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.BeforeFiles(BuiltInModels.Names, "Built-in model", wordToComplete);
}
