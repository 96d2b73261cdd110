namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>An Archimedean spiral of one to three arms, turning either way.</summary>
internal sealed class Spiral : IPattern
{
    /// <inheritdoc/>
    public string Name => "spiral";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AroundMiddle(random, random.Tilt(180));
        int arms = random.Whole(1, 3);
        float period = random.Range(9, 13) + 1.5f * (arms - 1);
        float perRadian = arms * period / (2 * MathF.PI) * (random.Chance(0.5f) ? 1 : -1);
        float duty = random.Range(0.4f, 0.6f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            return canvas.Stripes(MathF.Sqrt(u * u + v * v) + MathF.Atan2(v, u) * perRadian, period, duty);
        });
    }
}
