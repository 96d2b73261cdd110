using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace CnnViz.Completion;

/// <summary>Completes the placeholders of a template of file names after an opening brace, and files and folders anywhere else.</summary>
public sealed class PlaceholderCompleter : IArgumentCompleter
{
    /// <summary>The placeholders, with what they stand for.</summary>
    internal static IReadOnlyList<(string Name, string Meaning)> Placeholders { get; } =
    [
        ("Model", "Name of the model"),
        ("Layer", "Name of the layer"),
        ("Filter", "Number of the filter, as in {Filter:000}"),
        ("Class", "Name of the class, the first of its synonyms"),
        ("ClassName", "Name of the class, all of its synonyms"),
        ("Objective", "What was raised"),
        ("Image", "Name of the picture that it began with, is a part of, or lies over"),
        ("Method", "What a map over an image says"),
        ("Rank", "Place of a part of an image, as in {Rank:00}"),
        ("Recipe", "Name of the recipe"),
        ("Seed", "The seed"),
        ("Activation", "The activation, as in {Activation:0.0}"),
        ("Size", "Height and width"),
        ("Between", "What a row of pictures goes through"),
        ("Number", "Place of a picture in such a row, as in {Number:00}"),
        ("Mix", "The same, 0 for the first filter and 1 for the second, as in {Mix:0.00}"),
    ];

    /// <inheritdoc />
    public IEnumerable<CompletionResult> CompleteArgument(
        string commandName, string parameterName, string wordToComplete, CommandAst commandAst, IDictionary fakeBoundParameters)
    {
        string word = wordToComplete.Trim('\'', '"');
        int brace = word.LastIndexOf('{');
        if (brace < 0 || word.IndexOf('}', brace) >= 0)
        {
            return CompletionCompleters.CompleteFilename(wordToComplete);
        }

        string typed = word[(brace + 1)..];
        return Placeholders
            .Where(placeholder => placeholder.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Select(placeholder => new CompletionResult(
                $"'{CodeGeneration.EscapeSingleQuotedStringContent($"{word[..brace]}{{{placeholder.Name}}}")}'",
                $"{{{placeholder.Name}}}",
                CompletionResultType.ParameterValue,
                placeholder.Meaning));
    }
}
