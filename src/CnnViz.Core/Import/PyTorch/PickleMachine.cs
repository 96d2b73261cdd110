using System.Numerics;

namespace CnnViz.Import.PyTorch;

/// <summary>
/// Reads pickles without running anything: what they name is looked up in a short list, and what is not there is a
/// stranger that does nothing (<see cref="TorchObjects"/>). Values are null, <see cref="bool"/>, <see cref="long"/>, <see cref="BigInteger"/>,
/// <see cref="double"/>, <see cref="string"/>, arrays (tuples), lists, <see cref="PickleDict"/>, what <see cref="TorchObjects"/> makes, and <see cref="Opaque"/>.
/// </summary>
internal sealed partial class PickleMachine(WeightFile file, PickleInput input, TorchObjects objects, PickleBudget budget)
{
    private const int MaxMemo = 1 << 18;

    private readonly PickleStack _stack = new(file);
    private readonly Dictionary<ulong, object?> _memo = [];

    /// <summary>A value that does not matter to weights: it is there, and nothing is known about it.</summary>
    public static object Opaque { get; } = new();

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="ModelFormatException">It is damaged, asks for something that weights do not need, or is too large.</exception>
    public object? Load()
    {
        _stack.Clear();
        _memo.Clear();
        while (true)
        {
            var op = (PickleOp)input.Byte();
            if (op == PickleOp.Stop)
            {
                return _stack.Pop();
            }

            if (!Scalar(op) && !Container(op) && !Named(op))
            {
                throw file.Damaged($"its pickle has the instruction 0x{(byte)op:x2}, which PyTorch does not write");
            }
        }
    }

    // What asks for something by its name.
    private bool Named(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.Global:
                _stack.Push(objects.Find(input.Line(), input.Line()));
                break;
            case PickleOp.StackGlobal:
                object?[] names = _stack.Pop(2);
                _stack.Push(names is [string module, string name]
                    ? objects.Find(module, name)
                    : throw file.Damaged("its pickle names something by what is no text"));
                break;
            case PickleOp.Instance:
                object found = objects.Find(input.Line(), input.Line());
                _stack.Push(objects.Call(found, _stack.PopToMark()));
                break;
            case PickleOp.Object:
                object?[] built = _stack.PopToMark();
                _stack.Push(built is [var builder, .. var given]
                    ? objects.Call(builder, given)
                    : throw file.Damaged("its pickle builds an object of no class"));
                break;
            case PickleOp.NewObjectWithNames:
                object?[] named = _stack.Pop(3);
                _stack.Push(objects.Call(named[0], named[1]));
                break;
            case PickleOp.Reduce or PickleOp.NewObject:
                object?[] call = _stack.Pop(2);
                _stack.Push(objects.Call(call[0], call[1]));
                break;
            case PickleOp.Build:
                object? state = _stack.Pop();
                objects.SetState(_stack.Top, state);
                break;
            case PickleOp.BinPersistentId:
                _stack.Push(objects.Named(_stack.Pop()));
                break;
            default:
                return false;
        }

        return true;
    }

    private object? Recall(ulong index) =>
        _memo.TryGetValue(index, out object? value) ? value : throw file.Damaged("its pickle recalls what it never kept");

    private void Memorize(ulong index)
    {
        if (_memo.Count == MaxMemo)
        {
            throw file.TooLarge("its pickle keeps too many values");
        }

        _memo[index] = _stack.Top;
    }
}
