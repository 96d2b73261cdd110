using System.Collections;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;
using CnnViz.Networks;

namespace CnnViz.Completion;

/// <summary>Completes the numbers of filters, also from the name of the class that one stands for.</summary>
public sealed class FilterCompleter : IArgumentCompleter
{
    // Layers that a tool tip names.
    private const int MaxLayers = 3;

    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        return Completions.OrNone(() => CompletionLayers.Find(commandAst, fakeBoundParameters)
            .SelectMany(layer => Enumerable.Range(0, layer.Filters).Select(layer.GetFilter))
            .Where(filter => IsMeant(filter, word))
            .GroupBy(filter => filter.Index)
            .OrderBy(group => group.Key)
            .Select(group => Result(group.Key, [.. group])));
    }

    private static bool IsMeant(CnnFilter filter, string word) =>
        filter.Index.ToString(CultureInfo.InvariantCulture).StartsWith(word, StringComparison.Ordinal)
        || (filter.ClassName is { } name && ClassLists.Synonyms(name).Any(synonym => synonym.StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private static CompletionResult Result(int number, CnnFilter[] filters)
    {
        string text = number.ToString(CultureInfo.InvariantCulture);
        string? className = filters.Length == 1 ? filters[0].ClassName : null;
        string more = filters.Length > MaxLayers ? $"; {filters.Length - MaxLayers} more layers" : string.Empty;
        return new CompletionResult(
            text,
            className is null ? text : $"{text} {ClassLists.Synonyms(className)[0]}",
            CompletionResultType.ParameterValue,
            string.Join("; ", filters.Take(MaxLayers).Select(ToolTip)) + more);
    }

    private static string ToolTip(CnnFilter filter)
    {
        string className = filter.ClassName is { } name ? $", {name}" : string.Empty;
        string norm = filter.WeightNorm is { } value ? string.Create(CultureInfo.InvariantCulture, $", weight norm {value:G4}") : string.Empty;
        return $"{filter}{className}{norm}";
    }
}
