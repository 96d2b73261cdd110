using System.Management.Automation;
using System.Management.Automation.Language;

namespace CnnViz.Completion;

/// <summary>Turns texts into completions.</summary>
internal static class Completions
{
    /// <summary>What there is to offer; nothing, where it cannot be found out: whoever presses Tab is not to be told why.</summary>
    public static IReadOnlyList<T> OrNone<T>(Func<IEnumerable<T>> candidates)
    {
        try
        {
            return [.. candidates()];
        }
        catch (Exception exception) when (exception.IsExpected() || exception is RuntimeException or InvalidOperationException)
        {
            return [];
        }
    }

    /// <summary>The texts that begin with, or failing that contain, what was typed; quoted where they must be.</summary>
    public static IEnumerable<CompletionResult> From(IEnumerable<(string Text, string ToolTip)> candidates, string typed)
    {
        string word = typed.Trim('\'', '"');
        (string Text, string ToolTip)[] all = [.. OrNone(() => candidates.DistinctBy(candidate => candidate.Text))];
        (string Text, string ToolTip)[] matching = Matching(all, word + "*");
        return (matching.Length > 0 ? matching : Matching(all, $"*{word}*"))
            .Select(candidate => new CompletionResult(
                Quote(candidate.Text), candidate.Text, CompletionResultType.ParameterValue, candidate.ToolTip));
    }

    /// <summary>The names that begin with what was typed, then files.</summary>
    public static IEnumerable<CompletionResult> BeforeFiles(IEnumerable<(string Name, string ToolTip)> names, string typed) => names
        .Where(candidate => candidate.Name.StartsWith(typed.Trim('\'', '"'), StringComparison.OrdinalIgnoreCase))
        .Select(candidate => new CompletionResult(candidate.Name, candidate.Name, CompletionResultType.ParameterValue, candidate.ToolTip))
        .Concat(CompletionCompleters.CompleteFilename(typed));

    private static (string Text, string ToolTip)[] Matching((string Text, string ToolTip)[] candidates, string pattern)
    {
        try
        {
            WildcardPattern wildcard = Wildcards.Of(pattern);
            return [.. candidates.Where(candidate => wildcard.IsMatch(candidate.Text))];
        }
        catch (CnnVizException)
        {
            // Half a pattern matches nothing yet.
            return [];
        }
    }

    private static string Quote(string text) =>
        text.All(character => char.IsLetterOrDigit(character) || character is '_' or '-' or '.' or '/') && text.Length > 0 && text[0] != '-'
            ? text
            : $"'{CodeGeneration.EscapeSingleQuotedStringContent(text)}'";
}
