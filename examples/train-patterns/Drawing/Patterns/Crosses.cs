namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Plus signs on a square or a staggered lattice.</summary>
internal sealed class Crosses : IPattern
{
    /// <inheritdoc/>
    public string Name => "crosses";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(12));
        float spacing = random.Range(12, 20);
        float arm = spacing * random.Range(0.33f, 0.4f);
        float half = spacing * random.Range(0.09f, 0.13f);
        float stagger = random.Chance(0.5f) ? 0.5f * spacing : 0;
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            bool odd = ((int)MathF.Floor(v / spacing + 0.5f) & 1) != 0;
            float du = MathF.Abs(Lattice.Fold(odd ? u + stagger : u, spacing));
            float dv = MathF.Abs(Lattice.Fold(v, spacing));
            float lying = Math.Max(du - arm, dv - half);
            float standing = Math.Max(du - half, dv - arm);
            return canvas.Inside(Math.Min(lying, standing));
        });
    }
}
