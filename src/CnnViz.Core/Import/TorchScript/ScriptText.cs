using System.Text.RegularExpressions;

namespace CnnViz.Import.TorchScript;

/// <summary>Reads the classes and functions of a file of TorchScript's text, which is a part of Python's language in a fixed layout.</summary>
internal sealed partial class ScriptText
{
    private readonly List<(int Indent, string Text)> _lines = [];
    private int _next;

    private ScriptText(string source)
    {
        int open = 0;
        foreach (string line in source.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => !string.IsNullOrWhiteSpace(line)))
        {
            // A bracket that is open joins lines.
            string text = line.TrimStart(' ');
            if (open > 0)
            {
                _lines[^1] = (_lines[^1].Indent, $"{_lines[^1].Text} {text}");
            }
            else
            {
                _lines.Add((line.Length - text.Length, text));
            }

            string bare = Quoted().Replace(text, string.Empty);
            open = Math.Max(0, open + bare.Count(character => character is '(' or '[') - bare.Count(character => character is ')' or ']'));
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
                functions[$"{place}.{definition.Groups[1].Value}"] = text.Function(definition.Groups[2].Value, 0);
            }
        }
    }

    private ScriptClass Class(string name)
    {
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        var constants = new Dictionary<string, object?>(StringComparer.Ordinal);
        var methods = new Dictionary<string, ScriptFunction>(StringComparer.Ordinal);
        while (_next < _lines.Count && _lines[_next].Indent > 0)
        {
            (int indent, string line) = _lines[_next++];
            if (DefinitionHead().Match(line) is { Success: true } definition)
            {
                methods[definition.Groups[1].Value] = Function(definition.Groups[2].Value, indent);
            }
            else if (Attribute().Match(line) is { Success: true } attribute)
            {
                string key = attribute.Groups[1].Value.Trim('"');
                attributes[key] = attribute.Groups[2].Value.Trim();
                if (attribute.Groups[3].Success && ScriptTokens.TryParse(attribute.Groups[3].Value) is Literal literal)
                {
                    constants[key] = literal.Value;
                }
            }
        }

        return new ScriptClass(name, attributes, constants, methods);
    }

    private ScriptFunction Function(string parameters, int indent) => new(
        [.. Parameter().Matches(parameters).Select(match => (
            match.Groups[1].Value, match.Groups[2].Success ? ScriptTokens.TryParse(match.Groups[2].Value) : null))],
        Block(indent));

    // The lines that are further in.
    private List<ScriptStatement> Block(int outer)
    {
        var statements = new List<ScriptStatement>();
        while (_next < _lines.Count && _lines[_next].Indent > outer)
        {
            (int indent, string line) = _lines[_next++];
            statements.Add(Statement(indent, line));
        }

        return statements;
    }

    private ScriptStatement Statement(int indent, string line)
    {
        if (line.StartsWith("if ", StringComparison.Ordinal) && line.EndsWith(':'))
        {
            ScriptExpression? condition = ScriptTokens.TryParse(line[3..^1]);
            List<ScriptStatement> then = Block(indent);
            bool hasElse = _next < _lines.Count && _lines[_next] is (var at, "else:") && at == indent;
            _next += hasElse ? 1 : 0;
            List<ScriptStatement> other = hasElse ? Block(indent) : [];
            return condition is null ? new Obscure(line) : new Choice(condition, then, other);
        }

        if (line.EndsWith(':'))
        {
            Block(indent);
            return new Obscure(line);
        }

        if (line.StartsWith("return ", StringComparison.Ordinal))
        {
            return ScriptTokens.TryParse(line[7..]) is { } value ? new Return(value) : new Obscure(line);
        }

        Match assignment = AssignmentLine().Match(line);
        string target = assignment.Success ? assignment.Groups[1].Value : "_";
        return ScriptTokens.TryParse(assignment.Success ? assignment.Groups[2].Value : line) is { } result
            ? new Assignment(target, result)
            : new Obscure(line);
    }

    [GeneratedRegex(@"^class (\w+)\(Module\):$")]
    private static partial Regex ClassHead();

    [GeneratedRegex(@"^def (\w+)\((.*)\) -> .*:$")]
    private static partial Regex DefinitionHead();

    // conv1 : Type, __annotations__["0"] = Type, and size : Final[int] = 3.
    [GeneratedRegex("""^(?:__annotations__\[)?(\w+|"[^"]*")\]? (?::|=) ([^=]+?)(?: = (.*))?$""")]
    private static partial Regex Attribute();

    [GeneratedRegex(@"(\w+)(?:: [\w.\[\]]+(?:\[[\w., \[\]]*\])?(?:=([^,]+))?)?(?:,|$)")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^(\w+) = (.*)$")]
    private static partial Regex AssignmentLine();

    [GeneratedRegex("""("[^"]*"|'[^']*')""")]
    private static partial Regex Quoted();
}
