using System.Globalization;
using System.Text.RegularExpressions;

namespace CnnViz.Import.TorchScript;

/// <summary>Reads expressions of TorchScript's text.</summary>
internal sealed partial class ScriptTokens
{
    private const int DeepestNesting = 100;

    private readonly string[] _tokens;
    private int _next;
    private int _depth;

    private ScriptTokens(string text) => _tokens = [.. Token().Matches(text).Select(match => match.Value)];

    /// <summary>The expression that a text is; null where it is none that is understood.</summary>
    public static ScriptExpression? TryParse(string text) =>
        TryParse(text, tokens => tokens.Expression());

    /// <summary>The expressions that a list without its brackets is; null where it is none that is understood.</summary>
    public static IReadOnlyList<ScriptExpression>? TryParseTargets(string text) => TryParse(text, tokens =>
    {
        var targets = new List<ScriptExpression>();
        while (tokens._next < tokens._tokens.Length)
        {
            targets.Add(tokens.Expression());
            tokens.Skip(",");
        }

        return targets;
    });

    private static T? TryParse<T>(string text, Func<ScriptTokens, T> read)
        where T : class
    {
        var tokens = new ScriptTokens(text);
        try
        {
            T expression = read(tokens);
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

        ScriptExpression expression = Operand();
        if (Skip("if"))
        {
            ScriptExpression condition = Operand();
            expression = Skip("else") ? new Either(condition, expression, Expression()) : throw new FormatException("An if without else.");
        }

        _depth--;
        return expression;
    }

    private ScriptExpression Operand()
    {
        ScriptExpression expression = Atom();
        for (int parts = 0; _next < _tokens.Length && Peek() is "." or "(" or "["; parts++)
        {
            if (parts == DeepestNesting)
            {
                throw new FormatException("Too many brackets behind one another.");
            }

            expression = Take() switch
            {
                "(" => new Call(expression, Arguments()),
                "[" => new Item(expression, List("]") is [var index] ? index : throw new FormatException("No single index.")),
                _ when expression is Name name => new Name($"{name.Text}.{Take()}"),
                _ => new Member(expression, Take()),
            };
        }

        return expression;
    }

    private ScriptExpression Atom()
    {
        string token = Take();
        switch (token)
        {
            case "(":
                IReadOnlyList<ScriptExpression> items = List(")");
                return items.Count == 1 && _tokens[_next - 2] != "," ? items[0] : new TupleOf(items);
            case "[":
                return new ListOf(List("]"));
            case "{":
                return new DictionaryOf(Pairs());
            case "-":
                Literal number = Number(Take());
                // Each as it is: together they would be floating-point numbers.
                return number.Value is long whole ? new Literal(-whole) : new Literal(-(double)number.Value!);
            case "None":
                return new Literal(null);
            case "True" or "False":
                return new Literal(token == "True");
        }

        return token[0] switch
        {
            '"' or '\'' when token.Length > 1 && token[^1] == token[0] => new Literal(Escape().Replace(token[1..^1], match => match.Value is "\\n" ? "\n" : match.Value[1..])),
            >= '0' and <= '9' => Number(token),
            '_' or >= 'A' and <= 'Z' or >= 'a' and <= 'z' => new Name(token),
            _ => throw new FormatException($"An expression cannot begin with {token}."),
        };
    }

    private static Literal Number(string token) =>
        long.TryParse(token, NumberStyles.None, CultureInfo.InvariantCulture, out long whole) ? new Literal(whole)
        : double.TryParse(token, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? new Literal(number)
        : throw new FormatException($"{token} is no number.");

    private List<(string? Name, ScriptExpression Value)> Arguments()
    {
        var arguments = new List<(string?, ScriptExpression)>();
        while (!Skip(")"))
        {
            bool isNamed = _next + 1 < _tokens.Length && _tokens[_next + 1] == "=";
            string? name = isNamed ? Take() : null;
            _next += isNamed ? 1 : 0;
            arguments.Add((name, Expression()));
            Separate(")");
        }

        return arguments;
    }

    private List<ScriptExpression> List(string end)
    {
        var items = new List<ScriptExpression>();
        while (!Skip(end))
        {
            items.Add(Expression());
            Separate(end);
        }

        return items;
    }

    private List<(ScriptExpression Key, ScriptExpression Value)> Pairs()
    {
        var items = new List<(ScriptExpression, ScriptExpression)>();
        while (!Skip("}"))
        {
            ScriptExpression key = Expression();
            items.Add((key, Skip(":") ? Expression() : throw new FormatException("A key without a value.")));
            Separate("}");
        }

        return items;
    }

    private void Separate(string end)
    {
        if (!Skip(",") && Peek() != end)
        {
            throw new FormatException($"{Peek()} where a list should go on.");
        }
    }

    private bool Skip(string token)
    {
        bool isThere = _next < _tokens.Length && _tokens[_next] == token;
        _next += isThere ? 1 : 0;
        return isThere;
    }

    private string Peek() => _next < _tokens.Length ? _tokens[_next] : throw new FormatException("The text ends too early.");

    private string Take()
    {
        string token = Peek();
        _next++;
        return token;
    }

    [GeneratedRegex("""[A-Za-z_]\w*|\d+(\.\d*)?([eE][-+]?\d+)?|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|\S""")]
    private static partial Regex Token();

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escape();
}
