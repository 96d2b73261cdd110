using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Catalogue;

namespace CnnViz.Completion;

/// <summary>Completes the names of the catalogue's models.</summary>
public sealed class PublishedModelCompleter : IArgumentCompleter
{
    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters) =>
        Completions.From(ModelCatalogue.Models.Select(model => (model.Name, ToolTip(model))), wordToComplete);

    /// <summary>What a model is, in a line.</summary>
    internal static string ToolTip(PublishedModel model) => string.Create(
        CultureInfo.InvariantCulture, $"{model.Family}, {model.Format}, {model.SizeMB} MB, {model.Publisher}");
}
