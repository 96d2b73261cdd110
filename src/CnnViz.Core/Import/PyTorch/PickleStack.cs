using System.Runtime.InteropServices;

namespace CnnViz.Import.PyTorch;

/// <summary>The stack of a pickle machine, with the marks that a pickle sets on it. What is under a mark cannot be taken.</summary>
internal sealed class PickleStack(WeightFile file)
{
    private const int MaxValues = 1 << 19;
    private const int MaxMarks = 1 << 16;

    private readonly List<object?> _values = [];
    private readonly List<int> _marks = [];

    private int Floor => _marks.Count > 0 ? _marks[^1] : 0;

    /// <summary>The value on top.</summary>
    public object? Top => _values.Count > Floor ? _values[^1] : throw Underflow();

    /// <summary>Whether a mark is on top.</summary>
    public bool IsMarkOnTop => _marks.Count > 0 && _values.Count == Floor;

    /// <summary>Removes everything.</summary>
    public void Clear()
    {
        _values.Clear();
        _marks.Clear();
    }

    /// <summary>Puts a value on top.</summary>
    public void Push(object? value)
    {
        if (_values.Count == MaxValues)
        {
            throw file.TooLarge("its pickle stacks too many values");
        }

        _values.Add(value);
    }

    /// <summary>Takes the value on top.</summary>
    public object? Pop()
    {
        object? top = Top;
        _values.RemoveAt(_values.Count - 1);
        return top;
    }

    /// <summary>Takes the values on top.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The values, the lowest first.</returns>
    public object?[] Pop(int count)
    {
        if (_values.Count - Floor < count)
        {
            throw Underflow();
        }

        object?[] top = [.. CollectionsMarshal.AsSpan(_values)[^count..]];
        _values.RemoveRange(_values.Count - count, count);
        return top;
    }

    /// <summary>Sets a mark.</summary>
    public void Mark()
    {
        if (_marks.Count == MaxMarks)
        {
            throw file.TooLarge("its pickle sets too many marks");
        }

        _marks.Add(_values.Count);
    }

    /// <summary>Takes the values above the last mark, the lowest first, and the mark.</summary>
    public object?[] PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw Underflow();
        }

        object?[] values = Pop(_values.Count - Floor);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private ModelFormatException Underflow() => file.Damaged("its pickle takes a value that is not there");
}
