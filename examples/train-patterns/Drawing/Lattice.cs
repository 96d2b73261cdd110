namespace CnnViz.Patterns.Drawing;

/// <summary>Arithmetic of repeating cells, and random values that belong to a cell.</summary>
internal static class Lattice
{
    /// <summary>The position within a period, from the middle of the nearest cell: −period/2 ≤ value &lt; period/2.</summary>
    public static float Fold(float position, float period) => position - period * MathF.Floor(position / period + 0.5f);

    /// <summary>A random value of a cell, 0 ≤ value &lt; 1.</summary>
    public static float Value(int column, int row, uint seed) => (Hash(column, row, seed) >> 8) * (1f / (1 << 24));

    /// <summary>32 random bits of a cell.</summary>
    public static uint Hash(int column, int row, uint seed)
    {
        uint h = seed ^ ((uint)column * 0x9E3779B1) ^ ((uint)row * 0x85EBCA77);
        h = (h ^ (h >> 16)) * 0x7FEB352D;
        h = (h ^ (h >> 15)) * 0x846CA68B;
        return h ^ (h >> 16);
    }
}
