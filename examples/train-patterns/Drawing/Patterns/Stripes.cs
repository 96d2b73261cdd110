namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Straight stripes in one of the named directions.</summary>
/// <param name="name">The direction's name.</param>
/// <param name="normal">Direction across the stripes in degrees, clockwise from the right.</param>
internal sealed class Stripes(string name, float normal) : IPattern
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, normal * (MathF.PI / 180) + random.Tilt(8));
        float period = random.Range(6.5f, 18);
        float duty = random.Range(0.35f, 0.65f);
        canvas.Fill((x, y) => canvas.Stripes(frame.At(x, y).U, period, duty));
    }
}
