using System.Text;
using System.Text.RegularExpressions;

namespace CnnViz.Import.TorchScript;

/// <summary>Reads the classes and functions of a file of TorchScript's text, which is a part of Python's language in a fixed layout.</summary>
internal sealed partial class ScriptText
{
    private const int DeepestNesting = 64;

    private readonly List<(int Indent, string Text)> _lines = [];
    private int _next;
    private int _depth;

    private ScriptText(string source)
    {
        int open = 0;
        var whole = new StringBuilder();
        int indent = 0;
        foreach (string line in source.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            // A bracket that is open joins lines.
            string text = line.TrimStart(' ');
            if (open > 0)
            {
                whole.Append(' ').Append(text);
            }
            else
            {
                AddLine(indent, whole);
                indent = line.Length - text.Length;
                whole.Append(text);
            }

            string bare = Quoted().Replace(text, string.Empty);
            open = Math.Max(0, open + bare.Count(character => character is '(' or '[' or '{') - bare.Count(character => character is ')' or ']' or '}'));
        }

        AddLine(indent, whole);
    }

    private void AddLine(int indent, StringBuilder whole)
    {
        if (whole.Length > 0)
        {
            _lines.Add((indent, whole.ToString()));
            whole.Clear();
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="source">The text.</param>
    /// <param name="place">Where it is, with dots: <c>__torch__.torch.nn.modules.conv</c>.</param>
    /// <param name="classes">Gets its classes by their full names.</param>
    /// <param name="functions">Gets its functions by their full names.</param>
    public static void Read(
        string source, string place, IDictionary<string, ScriptClass> classes, IDictionary<string, ScriptFunction> functions)
    {
        var text = new ScriptText(source);
        while (text._next < text._lines.Count)
        {
            string line = text._lines[text._next++].Text;
            if (ClassHead().Match(line) is { Success: true } head)
            {
                string name = head.Groups[1].Value;
                classes[$"{place}.{name}"] = text.Class(name);
            }
            else if (DefinitionHead().Match(line) is { Success: true } definition)
            {
                functions[$"{place}.{definition.Groups[1].Value}"] = text.Function(definition, 0);
            }
        }
    }

    private ScriptClass Class(string name)
    {
        var attributes = new List<(string, string)>();
        var constants = new Dictionary<string, ScriptExpression>(StringComparer.Ordinal);
        var methods = new Dictionary<string, ScriptFunction>(StringComparer.Ordinal);
        while (_next < _lines.Count && _lines[_next].Indent > 0)
        {
            (int indent, string line) = _lines[_next++];
            if (DefinitionHead().Match(line) is { Success: true } definition)
            {
                methods[definition.Groups[1].Value] = Function(definition, indent);
            }
            else if (Attribute().Match(line) is { Success: true } attribute)
            {
                string key = attribute.Groups[1].Value.Trim('"');
                attributes.Add((key, attribute.Groups[2].Value.Trim()));
                if (attribute.Groups[3].Success && ScriptTokens.TryParse(attribute.Groups[3].Value) is { } value)
                {
                    constants[key] = value;
                }
            }
        }

        return new ScriptClass(name, attributes, constants, methods);
    }

    private ScriptFunction Function(Match definition, int indent) => new(
        definition.Groups[1].Value,
        [.. SplitParameters(definition.Groups[2].Value).Select(parameter => Parameter().Match(parameter)).Where(match => match.Success)
            .Select(match => (match.Groups[1].Value, match.Groups[2].Success ? ScriptTokens.TryParse(match.Groups[2].Value) : null))],
        Block(indent));

    // At the commas that are in no brackets.
    private static IEnumerable<string> SplitParameters(string parameters)
    {
        int depth = 0;
        int start = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            depth += parameters[i] is '[' or '(' ? 1 : parameters[i] is ']' or ')' ? -1 : 0;
            if (parameters[i] == ',' && depth == 0)
            {
                yield return parameters[start..i].Trim();
                start = i + 1;
            }
        }

        yield return parameters[start..].Trim();
    }

    // The lines that are further in.
    private List<ScriptStatement> Block(int outer)
    {
        if (++_depth > DeepestNesting)
        {
            throw new FormatException("its program has too many blocks in one another");
        }

        var statements = new List<ScriptStatement>();
        while (_next < _lines.Count && _lines[_next].Indent > outer)
        {
            (int indent, string line) = _lines[_next++];
            if (line != "pass")
            {
                statements.Add(Statement(indent, line));
            }
        }

        _depth--;
        return statements;
    }

    private ScriptStatement Statement(int indent, string line)
    {
        if (line.EndsWith(':'))
        {
            return Compound(indent, line);
        }

        if (line == "return" || line.StartsWith("return ", StringComparison.Ordinal))
        {
            return line.Length == 6 ? new Return(null)
                : Values(line[7..]) is { } value ? new Return(value)
                : new Obscure(line);
        }

        Match assignment = AssignmentLine().Match(line);
        if (!assignment.Success)
        {
            return ScriptTokens.TryParse(line) is { } call ? new Action(call) : new Obscure(line);
        }

        return ScriptTokens.TryParseTargets(assignment.Groups[1].Value) is { Count: > 0 } targets
            && Values(assignment.Groups[2].Value) is { } result
            ? new Assignment(targets, result)
            : new Obscure(line);
    }

    // Several values need no brackets around them.
    private static ScriptExpression? Values(string text) => ScriptTokens.TryParse(text) ?? ScriptTokens.TryParse($"({text})");

    private ScriptStatement Compound(int indent, string line)
    {
        List<ScriptStatement> body = Block(indent);
        if (line.StartsWith("if ", StringComparison.Ordinal))
        {
            bool hasElse = _next < _lines.Count && _lines[_next] is (var at, "else:") && at == indent;
            _next += hasElse ? 1 : 0;
            List<ScriptStatement> other = hasElse ? Block(indent) : [];
            return ScriptTokens.TryParse(line[3..^1]) is { } condition ? new Choice(condition, body, other) : new Obscure(line);
        }

        if (line.StartsWith("while ", StringComparison.Ordinal))
        {
            return ScriptTokens.TryParse(line[6..^1]) is { } condition ? new WhileLoop(condition, body) : new Obscure(line);
        }

        return ForHead().Match(line) is { Success: true } loop && ScriptTokens.TryParse(loop.Groups[2].Value) is { } over
            ? new ForLoop(loop.Groups[1].Value, over, body)
            : new Obscure(line);
    }

    [GeneratedRegex(@"^class (\w+)(?:\(\w+\))?:$")]
    private static partial Regex ClassHead();

    // No arrow behind the last: to try each of them would take too long.
    [GeneratedRegex(@"^def (\w+)\((.*)\) -> [^>]*:$")]
    private static partial Regex DefinitionHead();

    // conv1 : Type, __annotations__["0"] = Type, and size : Final[int] = 3.
    [GeneratedRegex("""^(?:__annotations__\[)?(\w+|"[^"]*")\]? (?::|=) ([^=]+?)(?: = (.*))?$""")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"^(\w+)(?:: [^=]+(?:=(.+))?)?$")]
    private static partial Regex Parameter();

    // The names and items in front of the sign have no brackets of calls.
    [GeneratedRegex(@"^([\w.][\w., \[\]""]*?) = (.*)$")]
    private static partial Regex AssignmentLine();

    [GeneratedRegex(@"^for (\w+) in (.*):$")]
    private static partial Regex ForHead();

    // The end may be missing: to look for it from each sign that could be the beginning would take too long.
    [GeneratedRegex("""("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)""")]
    private static partial Regex Quoted();
}
