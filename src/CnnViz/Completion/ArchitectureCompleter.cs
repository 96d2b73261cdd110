using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Import;

namespace CnnViz.Completion;

/// <summary>Completes the names of architectures, then files.</summary>
public sealed class ArchitectureCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(ModelImporter.Architectures.Select(name => (name, "Architecture")), wordToComplete)
            .Concat(CompletionCompleters.CompleteFilename(wordToComplete));
}
