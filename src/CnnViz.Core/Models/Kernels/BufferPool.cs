namespace CnnViz.Models.Kernels;

/// <summary>
/// Memory that is used again at every step. The system would otherwise clear it each time that it is asked for as much, which takes longer
/// than the work.
/// </summary>
internal sealed class BufferPool
{
    private readonly Stack<AlignedBuffer> _free = [];

    /// <summary>Memory for so many values: all zero, or as it was given back.</summary>
    public AlignedBuffer Rent(long values)
    {
        lock (_free)
        {
            // Of another size they are of no use any more.
            while (_free.TryPop(out AlignedBuffer? buffer))
            {
                if (buffer.Count == values)
                {
                    return buffer;
                }

                buffer.Dispose();
            }
        }

        return new AlignedBuffer(values);
    }

    /// <summary>Takes memory back.</summary>
    public void Return(AlignedBuffer buffer)
    {
        lock (_free)
        {
            _free.Push(buffer);
        }
    }
}
