using System.Text.RegularExpressions;

namespace CnnViz;

/// <summary>Names out of files, without what a console would obey instead of showing it.</summary>
internal static partial class VisibleText
{
    // U+2400 and after show the control characters.
    private const char Pictures = '\u2400';

    /// <summary>
    /// A text with a sign in the place of each control character, such as <c>␛</c>, and of each mark that turns the direction of writing.
    /// </summary>
    public static string Of(string text) => Hidden().Replace(text, match => SignOf(match.Value[0]));

    /// <summary>Whether a text has such characters.</summary>
    public static bool Hides(string text) => Hidden().IsMatch(text);

    private static string SignOf(char hidden) => hidden switch
    {
        < ' ' => $"{(char)(Pictures + hidden)}",
        '\u007f' => "\u2421",
        _ => $"\\u{(int)hidden:x4}",
    };

    [GeneratedRegex(@"[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")]
    private static partial Regex Hidden();
}
