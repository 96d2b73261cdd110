using System.Runtime.CompilerServices;
using CnnViz.Import.PyTorch;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// Follows the text of a TorchScript program from the image to its output, and writes down what it does with tensors as a network. Nothing
/// of it is run by libtorch. What is not understood gives a value that is not known, and so does all that needs it.
/// </summary>
internal sealed partial class ScriptInterpreter
{
    private const int DeepestNesting = 64;

    private readonly ScriptArchive _archive;
    private readonly Dictionary<TorchObject, ScriptObject> _objects = new(ReferenceEqualityComparer.Instance);
    private int _depth;

    /// <param name="archive">The program.</param>
    /// <param name="network">What is written.</param>
    public ScriptInterpreter(ScriptArchive archive, ScriptNetwork network)
    {
        _archive = archive;
        Network = network;
    }

    /// <summary>The network so far.</summary>
    public ScriptNetwork Network { get; }

    /// <summary>How many operations gave values that are not known.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Why the first of them did; null where there is none.</summary>
    public string? FirstReason { get; private set; }

    /// <summary>Follows the whole.</summary>
    /// <param name="image">The image, as the program wants it.</param>
    /// <returns>What its forward gives.</returns>
    public object? Run(ScriptTensor image)
    {
        if (_archive.Data.Root is not TorchObject root || _archive.FindClass(root.Class) is null)
        {
            return Unknown("its class is not in its text");
        }

        var module = (ScriptObject)Convert(new ScriptPickled(root, _archive.Data.Weights), string.Empty)!;
        return module.Class.Methods.TryGetValue("forward", out ScriptFunction? forward)
            ? Invoke(module, forward, [(null, module), (null, image)])
            : Unknown("it has no forward");
    }

    /// <summary>A value that is not known.</summary>
    private ScriptUnknown Unknown(string reason)
    {
        LeftOut++;
        FirstReason ??= reason;
        return new ScriptUnknown(reason);
    }

    // What cannot be followed may have changed the tensors that it was given.
    private object? Invoke(ScriptObject module, ScriptFunction function, IReadOnlyList<(string? Name, object? Value)> arguments)
    {
        int before = Network.Builder.Count;
        _depth++;
        try
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            if (_depth > DeepestNesting)
            {
                throw new NotTranslatedException("it calls too much");
            }

            var names = Bind(module, function, arguments);
            object? result = Follow(module, function.Body, names, out object? returned) ? returned : null;
            NameLast(module, before);
            return result;
        }
        catch (Exception exception) when (exception is NotTranslatedException or InsufficientExecutionStackException)
        {
            foreach (ScriptTensor tensor in arguments.Select(argument => argument.Value).OfType<ScriptTensor>())
            {
                tensor.Become(null);
            }

            return Unknown(exception.Message);
        }
        finally
        {
            _depth--;
        }
    }

    private Dictionary<string, object?> Bind(
        ScriptObject module, ScriptFunction function, IReadOnlyList<(string? Name, object? Value)> arguments)
    {
        var names = new Dictionary<string, object?>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++)
        {
            string name = arguments[i].Name
                ?? (i < function.Parameters.Count ? function.Parameters[i].Name : throw new NotTranslatedException("too many arguments"));
            names[name] = arguments[i].Value;
        }

        foreach ((string name, ScriptExpression? standard) in function.Parameters.Where(parameter => !names.ContainsKey(parameter.Name)))
        {
            names[name] = standard is null
                ? throw new NotTranslatedException($"'{name}' is not given")
                : Evaluate(module, standard, names);
        }

        return names;
    }

    // What a module without others within it gives has the module's name.
    private void NameLast(ScriptObject module, int before)
    {
        int count = Network.Builder.Count;
        if (!module.Class.HasSubmodules && module.Path.Length > 0 && count > before
            && Enumerable.Range(before, count - before).All(node => Network.Builder.NameOf(node).StartsWith($"{module.Path}.", StringComparison.Ordinal)))
        {
            Network.Builder.Rename(count - 1, module.Path);
        }
    }

    // False where the statements end without a return.
    private bool Follow(
        ScriptObject module, IReadOnlyList<ScriptStatement> statements, Dictionary<string, object?> names, out object? result)
    {
        result = null;
        foreach (ScriptStatement statement in statements)
        {
            Network.Step();
            switch (statement)
            {
                case Assignment assignment:
                    Assign(module, assignment.Targets, Evaluate(module, assignment.Value, names), names);
                    break;
                case Action action:
                    Evaluate(module, action.Value, names);
                    break;
                case Return end:
                    result = end.Value is null ? null : Evaluate(module, end.Value, names);
                    return true;
                case Choice choice:
                    if (Follow(module, IsTrue(module, choice.Condition, names) ? choice.Then : choice.Else, names, out result))
                    {
                        return true;
                    }

                    break;
                case ForLoop loop:
                    foreach (object? item in Range(Evaluate(module, loop.Over, names)))
                    {
                        Network.Step();
                        names[loop.Variable] = item;
                        if (Follow(module, loop.Body, names, out result))
                        {
                            return true;
                        }
                    }

                    break;
                case WhileLoop loop:
                    while (IsTrue(module, loop.Condition, names))
                    {
                        Network.Step();
                        if (Follow(module, loop.Body, names, out result))
                        {
                            return true;
                        }
                    }

                    break;
                case Obscure obscure:
                    throw new NotTranslatedException($"the line '{obscure.Text}'");
            }
        }

        return false;
    }

    private bool IsTrue(ScriptObject module, ScriptExpression condition, Dictionary<string, object?> names) =>
        Evaluate(module, condition, names) switch
        {
            bool value => value,
            ScriptUnknown unknown => throw new NotTranslatedException(unknown.Reason),
            _ => throw new NotTranslatedException("a condition depends on the image"),
        };

    private static IEnumerable<object?> Range(object? over) => over switch
    {
        long count => Enumerable.Range(0, (int)Math.Clamp(count, 0, int.MaxValue)).Select(i => (object?)(long)i),
        List<object?> list => list.ToArray(),
        object?[] tuple => tuple,
        _ => throw new NotTranslatedException("a loop depends on the image"),
    };

    private void Assign(
        ScriptObject module, IReadOnlyList<ScriptExpression> targets, object? value, Dictionary<string, object?> names)
    {
        if (targets.Count == 1)
        {
            Assign(module, targets[0], value, names);
            return;
        }

        IReadOnlyList<object?> parts = value switch
        {
            List<object?> list => list,
            object?[] tuple => tuple,
            ScriptUnknown unknown => [.. targets.Select(_ => unknown)],
            _ => throw new NotTranslatedException("a value that is shared out"),
        };
        if (parts.Count != targets.Count)
        {
            throw new NotTranslatedException("a value of another number of parts");
        }

        for (int i = 0; i < targets.Count; i++)
        {
            Assign(module, targets[i], parts[i], names);
        }
    }

    private void Assign(ScriptObject module, ScriptExpression target, object? value, Dictionary<string, object?> names)
    {
        switch (target)
        {
            case Name { Text: var text } when !text.Contains('.', StringComparison.Ordinal):
                names[text] = value;
                break;
            case Name { Text: var text } when Find(text[..text.LastIndexOf('.')], names) is ScriptObject owner:
                owner.Attributes[text[(text.LastIndexOf('.') + 1)..]] = value;
                break;
            case Item item when Evaluate(module, item.Target, names) is Dictionary<object, object?> dictionary
                && Evaluate(module, item.Index, names) is { } key:
                dictionary[key] = value;
                break;
            case Item item when Evaluate(module, item.Target, names) is List<object?> list
                && Evaluate(module, item.Index, names) is long index:
                list[Place(index, list.Count)] = value;
                break;
            default:
                throw new NotTranslatedException("an assignment");
        }
    }

    private static int Place(long index, int count) =>
        index >= -count && index < count ? (int)(index < 0 ? index + count : index) : throw new NotTranslatedException("an index out of range");
}
