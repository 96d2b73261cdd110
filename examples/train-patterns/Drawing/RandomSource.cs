using System.Numerics;

namespace CnnViz.Patterns.Drawing;

/// <summary>
/// Random numbers that are the same on every runtime: xoshiro256** (Blackman and Vigna), its state filled by SplitMix64.
/// </summary>
internal sealed class RandomSource
{
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The stream of a seed and a number within it: pictures of one seed do not depend on each other.</summary>
    public RandomSource(ulong seed, ulong number = 0)
    {
        ulong state = seed ^ Mix(number + 0x632BE59BD9B4E019);
        _s0 = Next(ref state);
        _s1 = Next(ref state);
        _s2 = Next(ref state);
        _s3 = Next(ref state);
    }

    /// <summary>64 random bits.</summary>
    public ulong NextBits()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        ulong t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>0 ≤ value &lt; 1.</summary>
    public float NextUnit() => (NextBits() >> 40) * (1f / (1 << 24));

    /// <summary>A value between two bounds.</summary>
    public float Range(float low, float high) => low + (high - low) * NextUnit();

    /// <summary>0 ≤ value &lt; count.</summary>
    public int Below(int count) => (int)((NextBits() >> 32) * (ulong)count >> 32);

    /// <summary>Low to high, both included.</summary>
    public int Whole(int low, int high) => low + Below(high - low + 1);

    /// <summary>True with a probability.</summary>
    public bool Chance(float probability) => NextUnit() < probability;

    /// <summary>An angle in radians, within a number of degrees to either side of zero.</summary>
    public float Tilt(float degrees) => Range(-degrees, degrees) * (MathF.PI / 180);

    private static ulong Next(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
