namespace CnnViz.Patterns.Drawing;

/// <summary>How much of each pixel is covered with ink, 0…1. Coordinates run from 0 to <see cref="Side"/> whatever the size.</summary>
internal sealed class Canvas(int size)
{
    /// <summary>Side of the picture in its own units, in which the patterns are measured.</summary>
    public const float Side = 64;

    private readonly float[] _spare = new float[size * size];

    /// <summary>Side in pixels.</summary>
    public int Size => size;

    /// <summary>Coverage, row by row.</summary>
    public float[] Ink { get; } = new float[size * size];

    /// <summary>Side of a pixel in units.</summary>
    public float Pixel { get; } = Side / size;

    /// <summary>Width of the transition from ink to paper, in units; never below a pixel.</summary>
    public float Softness { get; set; } = Side / size;

    /// <summary>Takes all ink off.</summary>
    public void Clear() => Array.Clear(Ink);

    /// <summary>Coverage from a signed distance to an outline, negative inside.</summary>
    public float Inside(float distance) => Math.Clamp(0.5f - distance / Softness, 0, 1);

    /// <summary>Coverage of stripes across a coordinate.</summary>
    /// <param name="position">Distance across the stripes.</param>
    /// <param name="period">From one stripe to the next.</param>
    /// <param name="duty">The part of the period that has ink.</param>
    public float Stripes(float position, float period, float duty) =>
        Inside(MathF.Abs(Lattice.Fold(position, period)) - 0.5f * duty * period);

    /// <summary>Computes the coverage of every pixel from its place.</summary>
    public void Fill(Func<float, float, float> coverage)
    {
        for (int row = 0, i = 0; row < size; row++)
        {
            float y = (row + 0.5f) * Pixel;
            for (int column = 0; column < size; column++, i++)
            {
                Ink[i] = coverage((column + 0.5f) * Pixel, y);
            }
        }
    }

    /// <summary>Adds a shape to what is there; where shapes overlap, the stronger coverage stays.</summary>
    /// <param name="x">Its middle.</param>
    /// <param name="y">Its middle.</param>
    /// <param name="radius">How far it can reach from there.</param>
    /// <param name="coverage">Its coverage at a place relative to its middle.</param>
    public void Stamp(float x, float y, float radius, Func<float, float, float> coverage)
    {
        float reach = radius + Softness;
        for (int row = First(y - reach); row < First(y + reach); row++)
        {
            for (int column = First(x - reach); column < First(x + reach); column++)
            {
                ref float ink = ref Ink[row * size + column];
                ink = Math.Max(ink, coverage((column + 0.5f) * Pixel - x, (row + 0.5f) * Pixel - y));
            }
        }
    }

    /// <summary>Blurs with a kernel of (side, 1 − 2 · side, side) along rows and columns.</summary>
    public void Blur(float side)
    {
        Blur(Ink, _spare, side, 1, size);
        Blur(_spare, Ink, side, size, 1);
    }

    private void Blur(float[] from, float[] to, float side, int step, int across)
    {
        float middle = 1 - 2 * side;
        for (int line = 0; line < size; line++)
        {
            int first = line * across;
            int last = first + (size - 1) * step;
            for (int i = first; i <= last; i += step)
            {
                to[i] = middle * from[i] + side * (from[Math.Max(i - step, first)] + from[Math.Min(i + step, last)]);
            }
        }
    }

    private int First(float position) => Math.Clamp((int)MathF.Floor(position / Pixel), 0, size);
}
