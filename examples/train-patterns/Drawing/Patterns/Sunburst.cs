namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Rays from one point.</summary>
internal sealed class Sunburst : IPattern
{
    /// <inheritdoc/>
    public string Name => "sunburst";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AroundMiddle(random, random.Tilt(180));
        float perRay = 2 * MathF.PI / random.Whole(7, 16);
        float duty = random.Range(0.4f, 0.6f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            float angle = MathF.Abs(Lattice.Fold(MathF.Atan2(v, u), perRay));
            return canvas.Inside((angle - 0.5f * duty * perRay) * MathF.Sqrt(u * u + v * v));
        });
    }
}
