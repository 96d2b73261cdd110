namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Five-pointed stars, each turned its own way.</summary>
internal sealed class Stars : IPattern
{
    private const float PerPoint = 2 * MathF.PI / 5;

    // The edges of a pentagram run 18° off the line from its middle to the point.
    private const float EdgeAngle = MathF.PI / 10;

    /// <inheritdoc/>
    public string Name => "stars";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        float spacing = random.Range(16, 23);
        float radius = spacing * random.Range(0.44f, 0.5f);
        (float sin, float cos) = MathF.SinCos(EdgeAngle);
        Scattered.Stamp(canvas, random, spacing, radius, () =>
        {
            float turn = random.Tilt(36);
            return (x, y) =>
            {
                float angle = MathF.Abs(Lattice.Fold(MathF.Atan2(y, x) + turn, PerPoint));
                float length = MathF.Sqrt(x * x + y * y);
                (float across, float along) = MathF.SinCos(angle);
                return canvas.Inside(across * length * cos - (radius - along * length) * sin);
            };
        });
    }
}
