namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Discs on a square or a staggered lattice.</summary>
internal sealed class PolkaDots : IPattern
{
    /// <inheritdoc/>
    public string Name => "polka-dots";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(180));
        float spacing = random.Range(10, 20);
        float radius = spacing * random.Range(0.24f, 0.36f);
        float stagger = random.Chance(0.5f) ? 0.5f * spacing : 0;
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            bool odd = ((int)MathF.Floor(v / spacing + 0.5f) & 1) != 0;
            float du = Lattice.Fold(odd ? u + stagger : u, spacing);
            float dv = Lattice.Fold(v, spacing);
            return canvas.Inside(MathF.Sqrt(du * du + dv * dv) - radius);
        });
    }
}
