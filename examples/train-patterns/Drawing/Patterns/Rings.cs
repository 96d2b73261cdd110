namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Concentric rings.</summary>
internal sealed class Rings : IPattern
{
    /// <inheritdoc/>
    public string Name => "rings";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AroundMiddle(random, 0);
        float period = random.Range(7.5f, 15);
        float phase = random.Range(0, period);
        float duty = random.Range(0.38f, 0.62f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            return canvas.Stripes(MathF.Sqrt(u * u + v * v) + phase, period, duty);
        });
    }
}
