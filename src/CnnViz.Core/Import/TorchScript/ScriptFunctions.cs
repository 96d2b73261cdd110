using System.Collections.Frozen;
using System.Runtime.InteropServices;

namespace CnnViz.Import.TorchScript;

/// <summary>What the functions of TorchScript's text mean: each under its declaration, parameters as ATen names and orders them.</summary>
internal static partial class ScriptFunctions
{
    private static readonly string[] s_prefixes = ["torch.", "ops.aten.", "ops.prim.", "ops."];

    private static readonly FrozenDictionary<string, Function> s_functions = new[]
    {
        Windows(), Resizing(), Normalizations(), Activations(), Arithmetic(), Comparisons(), Reductions(), Shapes(), Cutting(), Joining(),
        Creations(), Values(), Numbers(), Packed(),
    }.SelectMany(table => table).Select(pair => Declare(pair.Key, pair.Value)).ToFrozenDictionary(function => function.Name, StringComparer.Ordinal);

    /// <summary>Whether a function changes its first argument: those whose names end in one underscore.</summary>
    public static bool IsInPlace(string function) =>
        function.EndsWith('_') && !function.EndsWith("__", StringComparison.Ordinal);

    /// <summary>Applies a function.</summary>
    /// <param name="net">Where operations go.</param>
    /// <param name="name">Name for its node.</param>
    /// <param name="function">Its name in the text.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="NotTranslatedException">It is not known, or not with these arguments.</exception>
    public static object? Apply(ScriptNetwork net, string name, string function, IReadOnlyList<(string? Name, object? Value)> arguments)
    {
        string known = s_prefixes.FirstOrDefault(prefix => function.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix
            ? function[prefix.Length..]
            : function;
        bool inPlace = IsInPlace(known);
        if (!s_functions.TryGetValue(inPlace ? known[..^1] : known, out Function? found))
        {
            throw new NotTranslatedException(function);
        }

        if (arguments.Select(argument => FindUnknown(net, argument.Value, 0)).FirstOrDefault(unknown => unknown is not null) is { } reason
            && !found.TakesUnknown)
        {
            throw new NotTranslatedException(reason.Reason);
        }

        object? result = Apply(found, new ScriptCall(net, name, found.Bind(arguments)));
        if (inPlace && arguments is [(_, ScriptTensor changed), ..] && result is ScriptTensor tensor)
        {
            changed.Become(ReferenceEquals(tensor, changed) ? changed.Copy() : tensor);
            return changed;
        }

        return result;
    }

    // A file may say anything: what does not fit together is not understood.
    private static object? Apply(Function function, ScriptCall call)
    {
        try
        {
            return function.Meaning(call);
        }
        catch (Exception exception) when (exception
            is IndexOutOfRangeException or ArgumentException or ArithmeticException or ExternalException or InvalidOperationException)
        {
            throw new NotTranslatedException($"{function.Name}, of what it does not take");
        }
    }

    // Tensors of memory that another changed are not known either.
    private static ScriptUnknown? FindUnknown(ScriptNetwork net, object? value, int depth) => value switch
    {
        ScriptUnknown unknown => unknown,
        ScriptTensor { IsStale: true } => new ScriptUnknown("a tensor of which a part was changed in place"),
        _ when depth < 4 && ScriptCall.Items(value) is { } items =>
            FindUnknown(net, items, depth + 1),
        _ => null,
    };

    private static ScriptUnknown? FindUnknown(ScriptNetwork net, IReadOnlyList<object?> items, int depth)
    {
        net.Step(items.Count);
        return items.Select(item => FindUnknown(net, item, depth)).FirstOrDefault(unknown => unknown is not null);
    }

    // "conv2d(input, weight, bias=None)".
    private static Function Declare(string declaration, Func<ScriptCall, object?> meaning)
    {
        int open = declaration.IndexOf('(', StringComparison.Ordinal);
        (string, ScriptExpression?)[] parameters =
        [
            .. declaration[(open + 1)..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(parameter => parameter.Split('=') is [var name, var standard]
                ? (name, ScriptTokens.TryParse(standard))
                : (parameter, null)),
        ];
        return new Function(declaration[..open], parameters, meaning);
    }

    private sealed record Function(string Name, (string Name, ScriptExpression? Default)[] Parameters, Func<ScriptCall, object?> Meaning)
    {
        // Lists may hold what is not known, and be asked how long they are.
        public bool TakesUnknown => Name is "append" or "len" or "list" or "warn" or "format" or "print" or "__getitem__";

        public Dictionary<string, object?> Bind(IReadOnlyList<(string? Name, object? Value)> arguments)
        {
            var bound = new Dictionary<string, object?>(StringComparer.Ordinal);
            for (int i = 0; i < arguments.Count; i++)
            {
                (string? given, object? value) = arguments[i];
                string name = given ?? (i < Parameters.Length ? Parameters[i].Name : throw Arguments());
                if (!Array.Exists(Parameters, parameter => parameter.Name == name) || !bound.TryAdd(name, value))
                {
                    throw Arguments();
                }
            }

            foreach ((string name, ScriptExpression? standard) in Parameters.Where(parameter => !bound.ContainsKey(parameter.Name)))
            {
                bound[name] = standard switch
                {
                    Literal literal => literal.Value,
                    ListOf list => new List<object?>(list.Items.Select(item => ((Literal)item).Value)),
                    _ => throw Arguments(),
                };
            }

            return bound;
        }

        private NotTranslatedException Arguments() => new($"{Name} with other arguments");
    }
}
