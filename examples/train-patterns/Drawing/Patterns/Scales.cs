namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Fish scales: rows of discs, each row over the one below it.</summary>
internal sealed class Scales : IPattern
{
    /// <inheritdoc/>
    public string Name => "scales";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(15));
        float radius = random.Range(6, 11);
        float rise = radius * random.Range(0.8f, 1f);
        float rim = radius * random.Range(0.16f, 0.26f);
        float shading = random.Range(0, 0.35f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            int row = (int)MathF.Ceiling((v - radius) / rise);
            while (true)
            {
                float du = Lattice.Fold((row & 1) == 0 ? u : u + radius, 2 * radius);
                float dv = v - row * rise;
                float depth = radius - MathF.Sqrt(du * du + dv * dv);

                // Each place is on some scale of the next rows.
                if (depth >= 0 || dv < -radius)
                {
                    return canvas.Inside(rim - depth) * (1 - shading * (0.5f - 0.5f * dv / radius));
                }

                row++;
            }
        });
    }
}
