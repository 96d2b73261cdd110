using System.Text;
using System.Text.RegularExpressions;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to programs and other texts: their words, signs and lines.</summary>
internal static partial class TextMutation
{
    private const int Longest = 1 << 19;

    /// <summary>Damages a text once.</summary>
    public static byte[] Mutate(byte[] content, Chance chance)
    {
        string text = Encoding.UTF8.GetString(content);
        return text.Length is 0 or > Longest ? RawMutation.Mutate(content, chance) : Encoding.UTF8.GetBytes(Mutate(text, chance));
    }

    private static string Mutate(string text, Chance chance)
    {
        if (chance.OneIn(3))
        {
            return MutateLines([.. text.Split('\n')], chance);
        }

        List<string> tokens = [.. Token().Matches(text).Select(match => match.Value)];
        int at = chance.Below(tokens.Count);
        switch (chance.Below(9))
        {
            case 0:
                tokens.RemoveAt(at);
                break;
            case 1:
                tokens.Insert(at, chance.Of(tokens));
                break;
            case 2:
                int other = chance.Below(tokens.Count);
                (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                break;
            case 3:
                tokens[at] = string.Concat(Enumerable.Repeat(tokens[at], Math.Min(chance.Repeats(), Longest / (tokens[at].Length + 1))));
                break;
            case 4:
                tokens[at] = chance.Word();
                break;
            case 5 or 6:
                int number = tokens.FindIndex(at, token => char.IsAsciiDigit(token[0]));
                if (number >= 0)
                {
                    tokens[number] = chance.Number().ToString(System.Globalization.CultureInfo.InvariantCulture);
                }

                break;
            default:
                // A word for a word and a sign for a sign, so that the whole still reads.
                string[] alike = [.. tokens.Where(token => Kind(token) == Kind(tokens[at]))];
                tokens[at] = chance.Of(alike);
                break;
        }

        return string.Concat(tokens);
    }

    private static string MutateLines(List<string> lines, Chance chance)
    {
        int at = chance.Below(lines.Count);
        int other = chance.Below(lines.Count);
        switch (chance.Below(5))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.Insert(at, lines[other]);
                break;
            case 2:
                (lines[at], lines[other]) = (lines[other], lines[at]);
                break;
            case 3:
                lines.InsertRange(at, Enumerable.Repeat(lines[at], Math.Min(chance.Repeats(), Longest / (lines[at].Length + 1))));
                break;
            default:
                lines[at] = new string(' ', chance.Below(12)) + lines[at].TrimStart();
                break;
        }

        return string.Join('\n', lines);
    }

    private static int Kind(string token) => char.IsAsciiDigit(token[0]) ? 0 : char.IsLetter(token[0]) || token[0] == '_' ? 1 : char.IsWhiteSpace(token[0]) ? 2 : 3;

    [GeneratedRegex(@"[0-9][0-9.e+-]*|\w+|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Token();
}
