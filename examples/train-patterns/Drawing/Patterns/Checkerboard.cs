namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Squares of two colours in turn.</summary>
internal sealed class Checkerboard : IPattern
{
    /// <inheritdoc/>
    public string Name => "checkerboard";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(12));
        float period = 2 * random.Range(5.5f, 13);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            float across = canvas.Stripes(u, period, 0.5f);
            float down = canvas.Stripes(v, period, 0.5f);
            return across * (1 - down) + down * (1 - across);
        });
    }
}
