namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Thin lines in two directions.</summary>
internal sealed class Grid : IPattern
{
    /// <inheritdoc/>
    public string Name => "grid";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(12));
        float period = random.Range(8, 17);
        float duty = random.Range(0.17f, 0.27f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            return Math.Max(canvas.Stripes(u, period, duty), canvas.Stripes(v, period, duty));
        });
    }
}
