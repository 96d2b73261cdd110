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
                int count = op - PickleOp.Tuple1 + 1;
                budget.Spend(count + 1);
                _stack.Push(_stack.Pop(count));
                break;
            case PickleOp.Tuple:
                _stack.Push(PopToMark());
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
                _stack.DropMark();
                _stack.Push(Opaque);
                break;
            case PickleOp.Append:
                object?[] item = _stack.Pop(1);
                Append(item);
                break;
            case PickleOp.Appends or PickleOp.AddItems:
                object?[] items = [.. _stack.AboveMark()];
                _stack.DropMark();
                Append(items);
                break;
            case PickleOp.SetItem:
                object?[] pair = _stack.Pop(2);
                SetItems(pair);
                break;
            case PickleOp.SetItems:
                object?[] pairs = [.. _stack.AboveMark()];
                _stack.DropMark();
                SetItems(pairs);
                break;
            default:
                return false;
        }

        return true;
    }

    private object?[] PopToMark()
    {
        ReadOnlySpan<object?> above = _stack.AboveMark();
        budget.Spend(above.Length + 1);
        object?[] items = [.. above];
        _stack.DropMark();
        return items;
    }

    private void Append(object?[] items)
    {
        switch (_stack.Top)
        {
            case List<object?> list:
                budget.Spend(3 * items.Length);
                list.AddRange(items);
                break;
            case var other when other != Opaque:
                throw file.Damaged("its pickle appends to what is no list");
        }
    }

    private void SetItems(object?[] pairs)
    {
        if (pairs.Length % 2 != 0 || (_stack.Top is not PickleDict && _stack.Top != Opaque))
        {
            throw file.Damaged("its pickle sets items of what is no dictionary");
        }

        if (_stack.Top is PickleDict dictionary)
        {
            objects.Fill(dictionary, pairs);
        }
    }
}
