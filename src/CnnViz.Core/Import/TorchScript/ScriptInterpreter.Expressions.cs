using System.Globalization;
using System.Runtime.CompilerServices;
using CnnViz.Import.PyTorch;

namespace CnnViz.Import.TorchScript;

// What expressions give.
internal sealed partial class ScriptInterpreter
{
    private object? Evaluate(ScriptObject module, ScriptExpression expression, Dictionary<string, object?> names)
    {
        Network.Step();
        switch (expression)
        {
            case Literal literal:
                return literal.Value;
            case ListOf list:
                return list.Items.Select(item => Evaluate(module, item, names)).ToList();
            case TupleOf tuple:
                return tuple.Items.Select(item => Evaluate(module, item, names)).ToArray();
            case DictionaryOf dictionary:
                return dictionary.Items.ToDictionary(
                    item => Evaluate(module, item.Key, names) is string or long or double or bool
                        ? Evaluate(module, item.Key, names)!
                        : throw new NotTranslatedException("a key of a dictionary"),
                    item => Evaluate(module, item.Value, names));
            case Name name:
                return Find(name.Text, names);
            case Member member:
                return Attribute(Evaluate(module, member.Target, names), member.Text);
            case Item item:
                return ItemOf(Evaluate(module, item.Target, names), Evaluate(module, item.Index, names));
            case Either either:
                return Evaluate(module, IsTrue(module, either.Condition, names) ? either.Then : either.Else, names);
            case Call call:
                return Evaluate(module, call, names);
            default:
                throw new NotTranslatedException("an expression");
        }
    }

    private object? Evaluate(ScriptObject module, Call call, Dictionary<string, object?> names)
    {
        // What is only there for types.
        switch (call)
        {
            case { Target: Name { Text: "annotate" or "unchecked_cast" }, Arguments: [_, (_, var value)] }:
                return Evaluate(module, value, names);
            case { Target: Name { Text: "uninitialized" } }:
                return new ScriptUnknown("a value that was never set");
        }

        (string? Name, object? Value)[] arguments =
            [.. call.Arguments.Select(argument => (argument.Name, Evaluate(module, argument.Value, names)))];

        // A method: (conv1).forward, or (self)._forward_impl.
        (object? owner, string method) = call.Target switch
        {
            Member member => (Evaluate(module, member.Target, names), member.Text),
            Name name when name.Text.Contains('.', StringComparison.Ordinal) && names.ContainsKey(name.Text.Split('.')[0]) =>
                (Find(name.Text[..name.Text.LastIndexOf('.')], names), name.Text[(name.Text.LastIndexOf('.') + 1)..]),
            _ => (null, string.Empty),
        };
        if (owner is ScriptObject called)
        {
            return called.Class.Methods.TryGetValue(method, out ScriptFunction? own)
                ? Call(module, called, () => Invoke(called, own, [(null, called), .. arguments]))
                : throw new NotTranslatedException($"the method {method}");
        }

        string function = (method.Length > 0 ? null : Function(call.Target, names))
            ?? throw new NotTranslatedException("a call of what has no name");
        return CallFunction(module, function, arguments);
    }

    // A method that a module calls of itself is a part of its own call.
    private object? Call(ScriptObject caller, ScriptObject module, Func<object?> call) => ReferenceEquals(caller, module)
        ? call()
        : Network.Calls.Make(
            module.Path, call, result => ScriptTranslation.Tensors(result).Select(tensor => tensor.Node).Distinct().Count() == 1);

    private string? Function(ScriptExpression target, Dictionary<string, object?> names) => target is not Name { Text: var text } ? null
        : !names.TryGetValue(text, out object? named) ? text
        : (named as ScriptFunctionValue)?.Name;

    private object? CallFunction(ScriptObject module, string function, (string? Name, object? Value)[] arguments)
    {
        if (function == "getattr" && arguments is [(_, ScriptObject of), (_, string attribute)])
        {
            return Attribute(of, attribute);
        }

        if (_archive.FindFunction(function) is { } found)
        {
            return Invoke(module, found, arguments);
        }

        if (_archive.FindClass(function) is { Methods.Count: 0 } tuple && arguments.Length == tuple.Attributes.Count)
        {
            return new ScriptObject(
                module.Path,
                tuple,
                tuple.Attributes.Zip(arguments).ToDictionary(pair => pair.First.Name, pair => pair.Second.Value, StringComparer.Ordinal));
        }

        try
        {
            return ScriptFunctions.Apply(Network, ScriptNames.Of(module, function), function, arguments);
        }
        catch (NotTranslatedException exception)
        {
            if (ScriptFunctions.IsInPlace(function) && arguments is [(_, ScriptTensor changed), ..])
            {
                changed.Become(null);
            }

            return Unknown(exception.Message);
        }
    }

    private object? Find(string text, Dictionary<string, object?> names)
    {
        string[] parts = text.Split('.');
        return names.TryGetValue(parts[0], out object? value) ? parts.Skip(1).Aggregate(value, Attribute)
            : parts is ["CONSTANTS", var constant] ? ConstantOf(constant)
            : new ScriptFunctionValue(text);
    }

    private object? ConstantOf(string name) => _archive.Constants.Root is object?[] constants
        && int.TryParse(name.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < constants.Length
        ? Convert(new ScriptPickled(constants[index], _archive.Constants.Weights), name)
        : throw new NotTranslatedException(name);

    private object? Attribute(object? target, string name)
    {
        switch (target)
        {
            case ScriptUnknown:
                return target;
            case not ScriptObject:
                throw new NotTranslatedException($"the attribute {name}");
            case var _ when name == "training":
                return false;
        }

        var owner = (ScriptObject)target;
        if (!owner.Attributes.TryGetValue(name, out object? value))
        {
            return owner.Class.Constants.TryGetValue(name, out ScriptExpression? constant)
                ? Evaluate(owner, constant, [])
                : throw new NotTranslatedException($"the attribute {name}");
        }

        return value is ScriptPickled pickled ? owner.Attributes[name] = Convert(pickled, owner.Within(name)) : value;
    }

    // What a pickle holds, as the program sees it.
    private object? Convert(ScriptPickled pickled, string path)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Network.Step();
        switch (pickled.Value)
        {
            case TorchTensor tensor:
                return ScriptTensor.Of(pickled.Weights.Read(tensor));
            case QuantizedTensor quantized:
                return ScriptTensor.Of(pickled.Weights.Read(quantized));
            case TorchObject made when _objects.TryGetValue(made, out ScriptObject? known):
                return known;
            case TorchObject made when ScriptArchive.IsNative(made.Class):
                return new ScriptPacked(Convert(pickled with { Value = made.State }, path));
            case TorchObject made when _archive.FindClass(made.Class) is { } type && type.Methods.TryGetValue("__setstate__", out ScriptFunction? setState):
                var restored = new ScriptObject(path, type, new Dictionary<string, object?>(StringComparer.Ordinal));
                _objects[made] = restored;
                Invoke(restored, setState, [(null, restored), (null, Convert(pickled with { Value = made.State }, path))]);
                return restored;
            case TorchObject { State: PickleDict state } made when _archive.FindClass(made.Class) is { } type:
                return _objects[made] = new ScriptObject(path, type, state.Entries.ToDictionary(
                    entry => entry.Key, entry => (object?)new ScriptPickled(entry.Value, pickled.Weights), StringComparer.Ordinal));
            case List<object?> list:
                return list.Select(item => Convert(pickled with { Value = item }, path)).ToList();
            case object?[] tuple:
                return tuple.Select(item => Convert(pickled with { Value = item }, path)).ToArray();
            case PickleDict dictionary:
                return dictionary.Entries.ToDictionary(
                    entry => (object)entry.Key, entry => Convert(pickled with { Value = entry.Value }, path));
            case null or long or double or bool or string:
                return pickled.Value;
            default:
                return new ScriptUnknown($"what {path} is");
        }
    }

    private static object? ItemOf(object? target, object? index) => (target, index) switch
    {
        (ScriptUnknown, _) => target,
        (_, ScriptUnknown) => index,
        (List<object?> list, long place) => list[Place(place, list.Count)],
        (object?[] tuple, long place) => tuple[Place(place, tuple.Length)],
        (ScriptObject { Class.Methods.Count: 0 } tuple, long place) =>
            tuple.Attributes[tuple.Class.Attributes[Place(place, tuple.Class.Attributes.Count)].Name],
        (Dictionary<object, object?> dictionary, { } key) when dictionary.TryGetValue(key, out object? value) => value,
        _ => throw new NotTranslatedException("an item"),
    };
}
