namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Honeycomb.</summary>
internal sealed class Hexagons : IPattern
{
    private const float Sqrt3 = 1.7320508f;

    /// <inheritdoc/>
    public string Name => "hexagons";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(180));
        float apothem = random.Range(5, 10);
        float joint = apothem * random.Range(0.12f, 0.2f);
        canvas.Fill((x, y) =>
        {
            // The centres form two rectangular lattices, each in the middle of the other.
            (float u, float v) = frame.At(x, y);
            float first = FromCentre(Lattice.Fold(u, 2 * apothem), Lattice.Fold(v, 2 * Sqrt3 * apothem));
            float second = FromCentre(Lattice.Fold(u + apothem, 2 * apothem), Lattice.Fold(v + Sqrt3 * apothem, 2 * Sqrt3 * apothem));
            return canvas.Inside(Math.Min(first, second) - apothem + joint);
        });
    }

    // The apothem of the hexagon that a point is on.
    private static float FromCentre(float u, float v) => Math.Max(MathF.Abs(u), 0.5f * MathF.Abs(u) + 0.5f * Sqrt3 * MathF.Abs(v));
}
