namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Equilateral triangles, those that point one way filled.</summary>
internal sealed class Triangles : IPattern
{
    private const float HeightOfSide = 0.8660254f;

    /// <inheritdoc/>
    public string Name => "triangles";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(180));
        float side = random.Range(12, 23);
        float height = side * HeightOfSide;
        float gap = random.Range(0, 0.06f) * side;
        canvas.Fill((x, y) =>
        {
            // In the skewed lattice each cell is a filled triangle and an empty one.
            (float u, float v) = frame.At(x, y);
            float b = v / height;
            float a = u / side - 0.5f * b;
            a -= MathF.Floor(a);
            b -= MathF.Floor(b);
            float depth = a + b < 1
                ? Math.Min(Math.Min(a, b), 1 - a - b)
                : -Math.Min(Math.Min(1 - a, 1 - b), a + b - 1);
            return canvas.Inside(gap - depth * height);
        });
    }
}
