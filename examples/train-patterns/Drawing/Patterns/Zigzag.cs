namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Chevrons: stripes that go up and down in straight lines with sharp corners.</summary>
internal sealed class Zigzag : IPattern
{
    /// <inheritdoc/>
    public string Name => "zigzag";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(15));
        float period = random.Range(8.5f, 16);
        float duty = random.Range(0.38f, 0.62f);
        float length = random.Range(15, 30);
        float slope = random.Range(0.8f, 1.4f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            return canvas.Stripes(v + slope * MathF.Abs(Lattice.Fold(u, length)), period, duty);
        });
    }
}
