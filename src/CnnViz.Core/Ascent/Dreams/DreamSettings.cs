namespace CnnViz.Ascent;

/// <summary>The octaves and tiles of a dream.</summary>
public sealed record DreamSettings
{
    /// <summary>Number of sizes that the photo is dreamt at, the last its own; null for what suits the photo.</summary>
    [Setting(nameof(Octaves), 1, 32)]
    public int? Octaves { get; init; }

    /// <summary>How much larger each octave is than the one before it.</summary>
    [Setting(nameof(OctaveScale), 1.05, 8)]
    public double OctaveScale { get; init; } = 1.4;

    /// <summary>How far the photo moves at most between two steps, in pixels; null for a seventh of the network's own input.</summary>
    [Setting("DreamJitter", 0, 4096)]
    public int? Jitter { get; init; }

    /// <summary>
    /// Side of the largest piece of the photo that runs through the network at once, in pixels; null for what suits the memory.
    /// </summary>
    [Setting(nameof(TileSize), 8, 16384)]
    public int? TileSize { get; init; }

    /// <summary>All of its numbers, by the names of settings.</summary>
    public override string ToString() => RecipeText.OfPart(this);
}
