namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Tartan: broad bands with thin lines between them in two directions, twice as strong where they cross.</summary>
internal sealed class Plaid : IPattern
{
    /// <inheritdoc/>
    public string Name => "plaid";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(10));
        float period = random.Range(19, 32);
        float band = random.Range(0.36f, 0.5f);
        float line = random.Range(0.07f, 0.11f);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            return 0.5f * (Threads(u) + Threads(v));
        });

        float Threads(float position) => Math.Max(
            canvas.Stripes(position, period, band),
            canvas.Stripes(position + 0.5f * period, period, line));
    }
}
