namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Stripes that swing like a sine.</summary>
internal sealed class Waves : IPattern
{
    /// <inheritdoc/>
    public string Name => "waves";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(15));
        float period = random.Range(8.5f, 15);
        float duty = random.Range(0.38f, 0.62f);
        float perLength = 2 * MathF.PI / random.Range(20, 36);
        float amplitude = random.Range(0.75f, 1.25f) / perLength;
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            return canvas.Stripes(v + amplitude * MathF.Sin(u * perLength), period, duty);
        });
    }
}
