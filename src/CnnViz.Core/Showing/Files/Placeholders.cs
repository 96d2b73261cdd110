using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Showing.Files;

/// <summary>Texts with placeholders for the facts of a picture, such as <c>{Layer}</c> or <c>{Filter:000}</c>.</summary>
internal static partial class Placeholders
{
    private static readonly string[] s_known =
    [
        "{Model}", "{Objective}", "{Layer}", "{Filter}", "{Class}", "{ClassName}", "{Recipe}", "{Seed}", "{Rank}", "{Image}", "{Method}", "{Activation}",
        "{Size}", "{Between}", "{Number}", "{Mix}", "{Verdict}",
    ];

    /// <summary>Looks whether all are known.</summary>
    /// <param name="template">A text that may have some.</param>
    /// <param name="where">What it is, for the message.</param>
    /// <exception cref="CnnVizException">One is not.</exception>
    public static void Check(string template, string where)
    {
        foreach (Match placeholder in Placeholder().Matches(template))
        {
            if (!s_known.Contains($"{{{placeholder.Groups["name"].Value}}}", StringComparer.OrdinalIgnoreCase))
            {
                throw Unknown(placeholder.Value, where, "is not known", s_known);
            }
        }
    }

    /// <summary>A text without them.</summary>
    public static string Remove(string template) => Placeholder().Replace(template, "_");

    /// <summary>Fills them in.</summary>
    /// <param name="template">A text that may have some.</param>
    /// <param name="fill">What stands for a placeholder, by the placeholder itself, its name and its format (<c>{0}</c> for none).</param>
    /// <exception cref="CnnVizException">A format does not fit.</exception>
    public static string Fill(string template, Func<string, string, string, string> fill)
    {
        try
        {
            return Placeholder().Replace(template, match => fill(match.Value, match.Groups["name"].Value, FormatOf(match)));
        }
        catch (FormatException exception)
        {
            throw new CnnVizException(
                "UnknownPlaceholder",
                $"'{template}' has a format that cannot be used: {exception.Message}",
                "Use one such as {Filter:000}.",
                exception);
        }
    }

    /// <summary>Fills them in; one that is not among the names stands for nothing.</summary>
    /// <param name="template">A text that may have some.</param>
    /// <param name="names">What they stand for.</param>
    /// <exception cref="CnnVizException">A format does not fit.</exception>
    public static string Fill(string template, IReadOnlyDictionary<string, object> names) => Fill(
        template,
        (_, name, format) => names.TryGetValue(name, out object? value) ? string.Format(CultureInfo.InvariantCulture, format, value) : string.Empty);

    /// <summary>The error for a placeholder that cannot be filled in.</summary>
    public static CnnVizException Unknown(string placeholder, string where, string reason, IEnumerable<string> known) => new(
        "UnknownPlaceholder", $"'{placeholder}' in {where} {reason}.", $"Use {string.Join(", ", known)}.");

    private static string FormatOf(Match placeholder)
    {
        string format = placeholder.Groups["format"].Value;
        return format.Length > 0 ? $"{{0:{format}}}" : "{0}";
    }

    [GeneratedRegex(@"\{(?<name>\w+)(:(?<format>[^}]*))?\}", RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
