namespace CnnViz.Kernels;

/// <summary>
/// Memory that is used again at every step. The system would otherwise clear it each time that it is asked for as much, which takes longer
/// than the work.
/// </summary>
internal sealed class BufferPool
{
    // Values and gradients of two runs at once.
    private const int MostFree = 4;

    private readonly List<AlignedBuffer> _free = [];

    /// <summary>Memory for so many values: all zero, or as it was given back.</summary>
    public AlignedBuffer Rent(long values)
    {
        lock (_free)
        {
            int index = _free.FindIndex(buffer => buffer.Count == values);
            if (index >= 0)
            {
                AlignedBuffer buffer = _free[index];
                _free.RemoveAt(index);
                return buffer;
            }

            // Of another size they are of no use any more.
            if (_free.Count >= MostFree)
            {
                _free.ForEach(buffer => buffer.Dispose());
                _free.Clear();
            }
        }

        return new AlignedBuffer(values);
    }

    /// <summary>Takes memory back.</summary>
    public void Return(AlignedBuffer buffer)
    {
        lock (_free)
        {
            _free.Add(buffer);
        }
    }
}
