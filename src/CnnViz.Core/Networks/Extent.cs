namespace CnnViz.Networks;

/// <summary>A height and a width, in that order, as everywhere in N×C×H×W.</summary>
internal readonly record struct Extent(long Height, long Width)
{
    public static Extent One { get; } = new(1, 1);

    public long[] ToArray() => [Height, Width];

    public override string ToString() => Height == Width ? $"{Height}" : $"{Height}×{Width}";
}
