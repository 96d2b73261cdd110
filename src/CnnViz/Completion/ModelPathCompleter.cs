using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Catalogue;
using CnnViz.Import;

namespace CnnViz.Completion;

/// <summary>
/// Completes the names of built-in models and of published ones, then files. Of the published ones, those that are not in the cache
/// appear once something has been typed.
/// </summary>
public sealed class ModelPathCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.BeforeFiles(
            [
                .. BuiltInModels.Names.Select(name => (name, "Built-in model")),
                .. ModelCatalogue.Models
                    .Where(model => wordToComplete.Length > 0 || model.CachedPath is not null)
                    .Select(model => (model.Name, PublishedModelCompleter.ToolTip(model))),
            ],
            wordToComplete);
}
