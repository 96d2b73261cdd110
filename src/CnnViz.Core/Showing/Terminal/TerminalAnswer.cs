using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Showing.Terminal;

/// <summary>What a terminal says of itself.</summary>
/// <param name="HasSixel">Whether it shows Sixel graphics.</param>
/// <param name="CellWidth">Width of a character's cell in pixels; null where it does not say.</param>
/// <param name="CellHeight">Height of a character's cell in pixels; null where it does not say.</param>
internal sealed partial record TerminalAnswer(bool HasSixel, int? CellWidth, int? CellHeight)
{
    /// <summary>
    /// Asks for the size of a cell (XTWINOPS 16), then for the primary device attributes. Not all terminals answer the first; as practically
    /// all answer the second, nothing is to come after it.
    /// </summary>
    public const string Query = "\u001b[16t\u001b[c";

    // The attribute of Sixel graphics, among those of DA1 (VT510 manual, chapter 4).
    private const string Sixel = "4";

    /// <summary>The answer of a terminal that says nothing.</summary>
    public static TerminalAnswer None { get; } = new(false, null, null);

    /// <summary>Whether there is nothing more to come.</summary>
    /// <param name="text">What has come so far.</param>
    public static bool IsWhole(string text) => Attributes().IsMatch(text);

    /// <summary>Reads an answer; what is none of it, such as a key that was pressed meanwhile, is passed over.</summary>
    public static TerminalAnswer Parse(string text)
    {
        // The first attribute is the terminal's class.
        bool hasSixel = Attributes().Match(text) is { Success: true } attributes
            && attributes.Groups["list"].Value.Split(';').Skip(1).Contains(Sixel);
        return CellSize().Match(text) is { Success: true } size && Number(size, "width") is > 0 and var width && Number(size, "height") is > 0 and var height
            ? new TerminalAnswer(hasSixel, width, height)
            : new TerminalAnswer(hasSixel, null, null);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\x1b\[\?(?<list>[0-9;]*)c", RegexOptions.ExplicitCapture)]
    private static partial Regex Attributes();

    [GeneratedRegex(@"\x1b\[6;(?<height>[0-9]{1,4});(?<width>[0-9]{1,4})t", RegexOptions.ExplicitCapture)]
    private static partial Regex CellSize();
}
