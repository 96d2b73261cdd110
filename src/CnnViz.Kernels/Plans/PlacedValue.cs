namespace CnnViz.Kernels;

/// <summary>A value that is given its place: what makes it, what it is a part of, and where it lies.</summary>
/// <param name="shape">Its size.</param>
internal sealed class PlacedValue(MapShape shape)
{
    public MapShape Shape => shape;

    /// <summary>The kernel that makes it; null for the image, for what is joined and for what is taken of another.</summary>
    public Kernel? Source { get; init; }

    /// <summary>What it is joined into or taken of; null for nothing.</summary>
    public PlacedValue? Whole { get; set; }

    /// <summary>Its first channel there.</summary>
    public int FirstChannel { get; set; }

    /// <summary>Where it lies.</summary>
    public MapRegion? Region { get; set; }

    /// <summary>Where its kernel leaves what it needs on the way back; null for nowhere.</summary>
    public MapRegion? State { get; set; }

    /// <summary>Has at least so many zeros around it.</summary>
    public void Widen(int halo) => Region!.Value.Buffer.Halo = Math.Max(Region.Value.Buffer.Halo, halo);
}
