namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Fractal noise: smooth at every scale, each octave half as strong as the one before.</summary>
internal sealed class Clouds : IPattern
{
    private const int Octaves = 4;

    /// <inheritdoc/>
    public string Name => "clouds";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(180));
        float scale = 1 / random.Range(17, 30);
        float gain = random.Range(1.7f, 2.3f);
        float level = random.Range(-0.08f, 0.08f);
        uint seed = (uint)random.NextBits();
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            float sum = 0;
            float strength = 0.5f;
            float frequency = scale;
            for (uint octave = 0; octave < Octaves; octave++)
            {
                sum += strength * (Smooth(u * frequency, v * frequency, seed + octave) - 0.5f);
                strength *= 0.5f;
                frequency *= 2.03f;
            }

            return Math.Clamp(0.5f + level + gain * sum, 0, 1);
        });
    }

    // Random values at whole numbers, blended between them.
    private static float Smooth(float u, float v, uint seed)
    {
        int column = (int)MathF.Floor(u);
        int row = (int)MathF.Floor(v);
        float a = Ease(u - column);
        float b = Ease(v - row);
        float top = Lattice.Value(column, row, seed) * (1 - a) + Lattice.Value(column + 1, row, seed) * a;
        float bottom = Lattice.Value(column, row + 1, seed) * (1 - a) + Lattice.Value(column + 1, row + 1, seed) * a;
        return top * (1 - b) + bottom * b;
    }

    private static float Ease(float t) => t * t * (3 - 2 * t);
}
