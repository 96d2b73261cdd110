using CnnViz.Import.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// Follows the text of a TorchScript module from the image to its output, and writes down what it does as a network. Nothing is run. A
/// module within whose text is not understood becomes one node, which libtorch runs.
/// </summary>
internal sealed class ScriptTranslator
{
    private const int DeepestNesting = 64;
    private const int MostCalls = 100_000;

    private readonly ScriptArchive _archive;
    private readonly Dictionary<string, torch.Tensor> _weights;
    private readonly Dictionary<string, torch.jit.ScriptModule> _modules;
    private readonly List<string> _closed = [];
    private int _depth;
    private int _calls;

    /// <param name="archive">The text.</param>
    /// <param name="module">The loaded module, for weights and for what is not understood.</param>
    /// <param name="channels">Channels of the image.</param>
    public ScriptTranslator(ScriptArchive archive, torch.jit.ScriptModule module, int channels)
    {
        _archive = archive;
        _weights = module.named_parameters().Select(pair => (pair.name, Tensor: (torch.Tensor)pair.parameter))
            .Concat(module.named_buffers())
            .DistinctBy(pair => pair.Item1)
            .ToDictionary(pair => pair.Item1, pair => pair.Item2, StringComparer.Ordinal);
        _modules = Modules(module, string.Empty).ToDictionary(pair => pair.Path, pair => pair.Module, StringComparer.Ordinal);
        Network = new NetworkBuilder(channels);
    }

    /// <summary>The network so far.</summary>
    public NetworkBuilder Network { get; }

    /// <summary>Names of the modules that have become one node each although there are others within them.</summary>
    public IReadOnlyList<string> Closed => _closed;

    /// <summary>Follows the whole.</summary>
    /// <returns>Its output.</returns>
    /// <exception cref="NotTranslatedException">The text of the whole is not understood.</exception>
    public Value Run()
    {
        ScriptClass root = _archive.RootClass is { } name && _archive.FindClass(name) is { } found
            ? found
            : throw new NotTranslatedException("its class is not in its text");
        return Apply(new ScriptModuleValue(string.Empty, root), [new ScriptTensorValue(Network.Image, 4)]) is ScriptTensorValue output
            ? output.Node
            : throw new NotTranslatedException("it does not give one tensor");
    }

    private object? Apply(ScriptModuleValue module, IReadOnlyList<object?> arguments) =>
        module.Class.Methods.TryGetValue("forward", out ScriptFunction? forward)
            ? Invoke(module, forward, [module, .. arguments])
            : throw new NotTranslatedException($"{module.Class.Name} has no forward");

    private object? Invoke(ScriptModuleValue module, ScriptFunction function, IReadOnlyList<object?> arguments)
    {
        if (_depth >= DeepestNesting || ++_calls > MostCalls)
        {
            throw new NotTranslatedException("it calls too much");
        }

        var names = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = 0; i < function.Parameters.Count; i++)
        {
            (string name, ScriptExpression? standard) = function.Parameters[i];
            names[name] = i < arguments.Count ? arguments[i]
                : standard is Literal literal ? literal.Value
                : throw new NotTranslatedException($"{name} is not given");
        }

        _depth++;
        try
        {
            return Follow(module, function.Body, names, out object? result)
                ? result
                : throw new NotTranslatedException("a function does not return");
        }
        finally
        {
            _depth--;
        }
    }

    // False where the statements end without a return.
    private bool Follow(
        ScriptModuleValue module, IReadOnlyList<ScriptStatement> statements, Dictionary<string, object?> names, out object? result)
    {
        result = null;
        foreach (ScriptStatement statement in statements)
        {
            switch (statement)
            {
                case Assignment assignment:
                    names[assignment.Target] = Evaluate(module, assignment.Value, names);
                    break;
                case Return end:
                    result = Evaluate(module, end.Value, names);
                    return true;
                case Choice choice:
                    bool isTrue = Evaluate(module, choice.Condition, names) as bool?
                        ?? throw new NotTranslatedException("a condition depends on the image");
                    if (Follow(module, isTrue ? choice.Then : choice.Else, names, out result))
                    {
                        return true;
                    }

                    break;
                case Obscure obscure:
                    throw new NotTranslatedException(obscure.Text);
            }
        }

        return false;
    }

    private object? Evaluate(ScriptModuleValue module, ScriptExpression expression, Dictionary<string, object?> names)
    {
        switch (expression)
        {
            case Literal literal:
                return literal.Value;
            case Sequence sequence:
                return sequence.Items.Select(item => Evaluate(module, item, names)).ToArray();
            case Name name:
                return Find(name.Text, names);
            case Member member:
                return Attribute(Evaluate(module, member.Target, names), member.Text);
            case Call call:
                object?[] arguments = [.. call.Arguments.Select(argument => Evaluate(module, argument, names))];
                return Invoke(module, call.Target, arguments, names);
            default:
                throw new NotTranslatedException(expression.ToString());
        }
    }

    private object? Find(string text, Dictionary<string, object?> names)
    {
        string[] parts = text.Split('.');
        if (!names.TryGetValue(parts[0], out object? value))
        {
            return new ScriptFunctionValue(text);
        }

        return parts.Skip(1).Aggregate(value, Attribute);
    }

    private object? Attribute(object? target, string name)
    {
        if (target is not ScriptModuleValue module)
        {
            throw new NotTranslatedException($"an attribute {name}");
        }

        string full = module.Within(name);
        return _weights.TryGetValue(full, out torch.Tensor? weight) ? new ScriptWeightValue(weight)
            : name == "training" ? false
            : module.Class.Constants.TryGetValue(name, out object? constant) ? constant
            : !module.Class.Attributes.TryGetValue(name, out string? type) ? throw new NotTranslatedException($"an attribute {name}")
            : type == "NoneType" ? null
            : _archive.FindClass(type) is { } found ? new ScriptModuleValue(full, found)
            : throw new NotTranslatedException($"an attribute {name}");
    }

    private object? Invoke(ScriptModuleValue module, ScriptExpression target, object?[] arguments, Dictionary<string, object?> names)
    {
        // A method: (conv1).forward, or (self)._forward_impl.
        (object? owner, string method) = target switch
        {
            Member member => (Evaluate(module, member.Target, names), member.Text),
            Name name when name.Text.Contains('.') && names.ContainsKey(name.Text.Split('.')[0]) =>
                (Find(name.Text[..name.Text.LastIndexOf('.')], names), name.Text[(name.Text.LastIndexOf('.') + 1)..]),
            _ => (null, string.Empty),
        };
        if (owner is ScriptModuleValue called)
        {
            return method == "forward" ? ApplyOrClose(called, arguments)
                : called.Class.Methods.TryGetValue(method, out ScriptFunction? own) ? Invoke(called, own, [called, .. arguments])
                : throw new NotTranslatedException($"a method {method}");
        }

        string function = target is Name { Text: var text }
            ? names.TryGetValue(text, out object? named) && named is ScriptFunctionValue value ? value.Name : text
            : throw new NotTranslatedException("a call of what has no name");
        return function switch
        {
            "getattr" when arguments is [ScriptModuleValue of, string attribute] => Attribute(of, attribute),
            "annotate" or "unchecked_cast" when arguments.Length == 2 => arguments[1],
            _ when _archive.FindFunction(function) is { } found => Invoke(module, found, arguments),
            _ => ScriptOperators.Apply(Network, NameFor(module, function), function, arguments),
        };
    }

    private object? ApplyOrClose(ScriptModuleValue module, object?[] arguments)
    {
        int before = Network.Count;
        int closedBefore = _closed.Count;
        try
        {
            return Apply(module, arguments);
        }
        catch (NotTranslatedException) when (arguments is [ScriptTensorValue] && _modules.ContainsKey(module.Path))
        {
            Network.TakeBack(before);
            _closed.RemoveRange(closedBefore, _closed.Count - closedBefore);
            var input = (ScriptTensorValue)arguments[0]!;
            torch.jit.ScriptModule closed = _modules[module.Path];
            if (module.Class.HasSubmodules)
            {
                _closed.Add(module.Path);
            }

            Value output = Network.Add(module.Path, NetworkBuilder.ForeignType, [input.Node], make: node =>
            {
                node.Operand(0);
                return new ScriptBlock(closed, module.Class.Name);
            });
            return new ScriptTensorValue(output with { Channels = null }, input.Rank);
        }
    }

    // What is the module's only operation has its name; else it is called after what it does.
    private static string NameFor(ScriptModuleValue module, string function)
    {
        string operation = function[(function.LastIndexOf('.') + 1)..].Trim('_');
        return module.Class.HasSubmodules || module.Path.Length == 0 ? module.Within(operation) : module.Path;
    }

    private static IEnumerable<(string Path, torch.jit.ScriptModule Module)> Modules(torch.jit.ScriptModule module, string path)
    {
        foreach ((string name, torch.nn.Module child) in module.named_children())
        {
            string full = path.Length == 0 ? name : $"{path}.{name}";
            var script = (torch.jit.ScriptModule)child;
            yield return (full, script);
            foreach ((string, torch.jit.ScriptModule) inner in Modules(script, full))
            {
                yield return inner;
            }
        }
    }
}
