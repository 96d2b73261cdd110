using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Networks;

namespace CnnViz.Completion;

/// <summary>Completes the names of built-in lists of classes, then files.</summary>
public sealed class ClassListCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.BeforeFiles(ClassLists.Names.Select(name => (name, "Built-in list")), wordToComplete);
}
