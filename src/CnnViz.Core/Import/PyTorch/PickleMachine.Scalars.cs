using System.Buffers.Binary;
using System.Numerics;

namespace CnnViz.Import.PyTorch;

/// <content>Values that stand alone, and what moves values about.</content>
internal sealed partial class PickleMachine
{
    private static readonly object s_true = true;
    private static readonly object s_false = false;

    private bool Scalar(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.Protocol:
                input.Skip(1);
                break;
            case PickleOp.Frame:
                input.Skip(8);
                break;
            case PickleOp.None:
                _stack.Push(null);
                break;
            case PickleOp.True or PickleOp.False:
                _stack.Push(op == PickleOp.True ? s_true : s_false);
                break;
            case PickleOp.BinInt or PickleOp.BinInt1 or PickleOp.BinInt2:
                budget.Spend(1);
                _stack.Push(op == PickleOp.BinInt ? (int)input.Number(4) : (long)input.Number(op == PickleOp.BinInt1 ? 1 : 2));
                break;
            case PickleOp.Long1:
                _stack.Push(Long(input.Byte()));
                break;
            case PickleOp.BinFloat:
                // Its most significant byte is first.
                _stack.Push(BitConverter.UInt64BitsToDouble(BinaryPrimitives.ReverseEndianness(input.Number(8))));
                break;
            case PickleOp.Long4 or PickleOp.BinBytes:
                PushOpaque(input.Number(4));
                break;
            case PickleOp.ShortBinBytes:
                PushOpaque(input.Byte());
                break;
            case PickleOp.BinBytes8 or PickleOp.ByteArray8:
                PushOpaque(input.Number(8));
                break;
            case PickleOp.String:
                // Older than PyTorch. Passed over, so that the error can name what it was to be given to.
                input.Line();
                _stack.Push(Opaque);
                break;
            case PickleOp.ShortBinString or PickleOp.ShortBinUnicode:
                PushText(input.Byte());
                break;
            case PickleOp.BinString or PickleOp.BinUnicode:
                PushText(input.Number(4));
                break;
            case PickleOp.BinUnicode8:
                PushText(input.Number(8));
                break;
            case PickleOp.BinGet:
                _stack.Push(Recall(input.Byte()));
                break;
            case PickleOp.LongBinGet:
                _stack.Push(Recall(input.Number(4)));
                break;
            case PickleOp.BinPut:
                Memorize(input.Byte());
                break;
            case PickleOp.LongBinPut:
                Memorize(input.Number(4));
                break;
            case PickleOp.Memoize:
                Memorize((ulong)_memo.Count);
                break;
            case PickleOp.Duplicate:
                _stack.Push(_stack.Top);
                break;
            case PickleOp.Mark:
                _stack.Mark();
                break;
            case PickleOp.PopMark:
            case PickleOp.Pop when _stack.IsMarkOnTop:
                _stack.PopToMark();
                break;
            case PickleOp.Pop:
                _stack.Pop();
                break;
            default:
                return false;
        }

        return true;
    }

    private object Long(int size)
    {
        budget.Spend(4 + size / 8);
        ReadOnlySpan<byte> bytes = input.Take(size);
        var number = new BigInteger(bytes);
        return size <= sizeof(long) ? (object)(long)number : number;
    }

    private void PushOpaque(ulong size)
    {
        input.Skip(size);
        _stack.Push(Opaque);
    }

    private void PushText(ulong size)
    {
        string? text = input.Text(size);
        budget.Spend(1 + (text?.Length ?? 0) / 4);
        _stack.Push(text ?? Opaque);
    }
}
