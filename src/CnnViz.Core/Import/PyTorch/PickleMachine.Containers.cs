namespace CnnViz.Import.PyTorch;

/// <content>Tuples, lists, dictionaries and sets, and what fills them.</content>
internal sealed partial class PickleMachine
{
    private bool Container(PickleOp op)
    {
        switch (op)
        {
            case PickleOp.EmptyTuple:
                _stack.Push(Array.Empty<object?>());
                break;
            case PickleOp.Tuple1 or PickleOp.Tuple2 or PickleOp.Tuple3:
                PushTuple(_stack.Pop(op - PickleOp.Tuple1 + 1));
                break;
            case PickleOp.Tuple:
                PushTuple(_stack.PopToMark());
                break;
            case PickleOp.EmptyList:
                budget.Spend(4);
                _stack.Push(new List<object?>());
                break;
            case PickleOp.EmptyDict:
                _stack.Push(objects.NewDictionary());
                break;
            case PickleOp.EmptySet:
                _stack.Push(Opaque);
                break;
            case PickleOp.FrozenSet:
                _stack.PopToMark();
                _stack.Push(Opaque);
                break;
            case PickleOp.Append:
                Append(_stack.Pop(1));
                break;
            case PickleOp.Appends or PickleOp.AddItems:
                Append(_stack.PopToMark());
                break;
            case PickleOp.SetItem:
                SetItems(_stack.Pop(2));
                break;
            case PickleOp.SetItems:
                SetItems(_stack.PopToMark());
                break;
            default:
                return false;
        }

        return true;
    }

    private void PushTuple(object?[] items)
    {
        budget.Spend(items.Length + 1);
        _stack.Push(items);
    }

    private void Append(object?[] items)
    {
        switch (_stack.Top)
        {
            case List<object?> list:
                budget.Spend(3 * items.Length);
                list.AddRange(items);
                break;
            case var other when other != Opaque && other is not TorchObject:
                throw file.Damaged("its pickle appends to what is no list");
        }
    }

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0 || (_stack.Top is not PickleDict and not TorchObject && _stack.Top != Opaque))
        {
            throw file.Damaged("its pickle sets items of what is no dictionary");
        }

        if (_stack.Top is PickleDict dictionary)
        {
            objects.Fill(dictionary, pairs);
        }
    }
}
