namespace CnnViz.Models.Kernels;

/// <summary>
/// Who is the first to write a gradient, in the order of the way back: that one writes, the others add. Where that is not the same for all
/// channels of a write, the buffer is cleared first and all add.
/// </summary>
internal sealed class GradientWrites
{
    // The channels that have been written.
    private readonly Dictionary<MapBuffer, bool[]> _written = [];

    /// <summary>Takes note of a write.</summary>
    /// <returns>Whether it adds to what is there.</returns>
    public bool Add(MapRegion region)
    {
        if (!_written.TryGetValue(region.Buffer, out bool[]? written))
        {
            _written[region.Buffer] = written = new bool[region.Buffer.Shape.Channels];
        }

        Span<bool> channels = written.AsSpan(region.FirstChannel, region.Shape.Channels);
        bool any = channels.Contains(true);
        region.Buffer.StartsAtZero |= any && channels.Contains(false);
        channels.Fill(true);
        return any;
    }

    /// <summary>Sees to what nobody has written.</summary>
    public void Finish()
    {
        foreach ((MapBuffer buffer, bool[] written) in _written)
        {
            buffer.StartsAtZero |= written.Contains(false);
        }
    }
}
