namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Harlequin: upright rhombi of two colours in turn.</summary>
internal sealed class Diamonds : IPattern
{
    /// <inheritdoc/>
    public string Name => "diamonds";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(8));
        float width = random.Range(4.8f, 8.5f);
        float height = width * random.Range(1.5f, 2f);
        float toDistance = width * height / MathF.Sqrt(width * width + height * height);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            float across = MathF.Abs(Lattice.Fold(u, 2 * width)) / width;
            float down = MathF.Abs(Lattice.Fold(v, 2 * height)) / height;
            return canvas.Inside((across + down - 1) * toDistance);
        });
    }
}
