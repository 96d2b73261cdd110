using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Import.TorchScript;

/// <summary>Reads expressions of TorchScript's text.</summary>
internal sealed partial class ScriptTokens
{
    private const int DeepestNesting = 64;

    private readonly string[] _tokens;
    private int _next;
    private int _depth;

    public ScriptTokens(string text) => _tokens = [.. Token().Matches(text).Select(match => match.Value)];

    /// <summary>The expression that a text is; null where it is none that is understood.</summary>
    public static ScriptExpression? TryParse(string text)
    {
        var tokens = new ScriptTokens(text);
        try
        {
            ScriptExpression expression = tokens.Expression();
            return tokens._next == tokens._tokens.Length ? expression : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private ScriptExpression Expression()
    {
        if (++_depth > DeepestNesting)
        {
            throw new FormatException("Too many brackets in one another.");
        }

        ScriptExpression expression = Atom();
        while (_next < _tokens.Length && Peek() is "." or "(")
        {
            if (Take() == "(")
            {
                expression = new Call(expression, List(")"));
            }
            else
            {
                string member = Take();
                expression = expression is Name name ? new Name($"{name.Text}.{member}") : new Member(expression, member);
            }
        }

        _depth--;
        return expression;
    }

    private ScriptExpression Atom()
    {
        string token = Take();
        switch (token)
        {
            case "(":
                IReadOnlyList<ScriptExpression> items = List(")");
                return items.Count == 1 && _tokens[_next - 2] != "," ? items[0] : new Sequence(items);
            case "[":
                return new Sequence(List("]"));
            case "-":
                return Expression() is Literal { Value: long or double } number
                    ? new Literal(number.Value is long whole ? -whole : -(double)number.Value!)
                    : throw new FormatException("A minus without a number.");
            case "None":
                return new Literal(null);
            case "True" or "False":
                return new Literal(token == "True");
        }

        return token[0] switch
        {
            '"' or '\'' => new Literal(token[1..^1]),
            >= '0' and <= '9' => Number(token),
            '_' or >= 'A' and <= 'Z' or >= 'a' and <= 'z' => new Name(token),
            _ => throw new FormatException($"An expression cannot begin with {token}."),
        };
    }

    private static Literal Number(string token) =>
        long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out long whole) ? new Literal(whole)
        : double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? new Literal(number)
        : throw new FormatException($"{token} is no number.");

    private List<ScriptExpression> List(string end)
    {
        var items = new List<ScriptExpression>();
        while (Peek() != end)
        {
            if (_next + 1 < _tokens.Length && _tokens[_next + 1] == "=")
            {
                _next += 2;
            }

            items.Add(Expression());
            if (Peek() == ",")
            {
                _next++;
            }
            else if (Peek() != end)
            {
                throw new FormatException($"{Peek()} where the list should go on.");
            }
        }

        _next++;
        return items;
    }

    private string Peek() => _next < _tokens.Length ? _tokens[_next] : throw new FormatException("The text ends too early.");

    private string Take()
    {
        string token = Peek();
        _next++;
        return token;
    }

    [GeneratedRegex("""[A-Za-z_]\w*|\d+(\.\d*)?([eE][-+]?\d+)?|"[^"\\]*"|'[^'\\]*'|\S""")]
    private static partial Regex Token();
}
