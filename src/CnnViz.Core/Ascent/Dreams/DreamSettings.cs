namespace CnnViz.Ascent;

/// <summary>The octaves and tiles of a dream.</summary>
public sealed record DreamSettings
{
    /// <summary>Number of sizes that the photo is dreamt at, the last its own; null for what suits the photo.</summary>
    public int? Octaves { get; init; }

    /// <summary>How much larger each octave is than the one before it.</summary>
    public double OctaveScale { get; init; } = 1.4;

    /// <summary>How far the photo moves at most between two steps, in pixels; null for a seventh of the network's own input.</summary>
    public int? Jitter { get; init; }

    /// <summary>
    /// Side of the largest piece of the photo that runs through the network at once, in pixels; null for what suits the memory.
    /// </summary>
    public int? TileSize { get; init; }
}
