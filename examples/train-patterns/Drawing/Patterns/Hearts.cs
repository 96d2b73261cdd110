namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Hearts, upright or nearly so.</summary>
internal sealed class Hearts : IPattern
{
    /// <inheritdoc/>
    public string Name => "hearts";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        float spacing = random.Range(15, 22);
        float radius = spacing * random.Range(0.4f, 0.47f);
        Scattered.Stamp(canvas, random, spacing, radius, () =>
        {
            var frame = new Frame(random.Tilt(15), 0, 0);
            return (x, y) =>
            {
                (float u, float v) = frame.At(x, y);
                return canvas.Inside(Distance(MathF.Abs(u) / radius, v / radius) * radius);
            };
        });
    }

    // A square on its corner, with a half-disc on each of its upper sides; mirrored, so u is not negative.
    private static float Distance(float u, float v)
    {
        const float Half = 0.42f;
        float middle = v + 0.12f;
        float along = 0.7071068f * (u - middle);
        float across = 0.7071068f * (u + middle);
        float square = Math.Max(MathF.Abs(along), MathF.Abs(across)) - Half;
        float du = along - Half;
        float disc = MathF.Sqrt(du * du + across * across) - Half;
        return Math.Min(square, disc);
    }
}
