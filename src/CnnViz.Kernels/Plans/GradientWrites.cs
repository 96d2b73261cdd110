namespace CnnViz.Kernels;

/// <summary>
/// Who writes which gradient, in the order of the way back. The first to write a channel writes, the others add; where that is not the same for
/// all channels of a write, the buffer is cleared first and all add.
/// </summary>
internal sealed class GradientWrites
{
    private readonly List<Write> _writes = [];

    /// <summary>Takes note of a write.</summary>
    public Write Add(MapRegion region)
    {
        var write = new Write(region);
        _writes.Add(write);
        return write;
    }

    /// <summary>Finds out about all that have been taken note of.</summary>
    public void Finish()
    {
        foreach (IGrouping<MapBuffer, Write> writes in _writes.GroupBy(write => write.Region.Buffer))
        {
            var written = new bool[writes.Key.Shape.Channels];
            foreach (Write write in writes)
            {
                Span<bool> channels = Channels(written, write);
                write.Accumulates = channels.Contains(true);
                writes.Key.StartsAtZero |= write.Accumulates && channels.Contains(false);
                channels.Fill(true);
            }

            writes.Key.StartsAtZero |= written.Contains(false);
            Array.Clear(written);
            foreach (Write write in writes.Reverse())
            {
                Span<bool> channels = Channels(written, write);
                write.IsLast = !channels.Contains(true);
                channels.Fill(true);
            }
        }
    }

    private static Span<bool> Channels(bool[] all, Write write) => all.AsSpan(write.Region.FirstChannel, write.Region.Shape.Channels);

    /// <summary>One write.</summary>
    public sealed class Write(MapRegion region)
    {
        /// <summary>Where it goes.</summary>
        public MapRegion Region => region;

        /// <summary>Whether it adds to what is there.</summary>
        public bool Accumulates { get; set; }

        /// <summary>Whether nothing more is added to any of its channels.</summary>
        public bool IsLast { get; set; }
    }
}
