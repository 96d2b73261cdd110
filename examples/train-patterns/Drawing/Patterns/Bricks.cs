namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>A wall of bricks in stretcher bond, each of its own shade.</summary>
internal sealed class Bricks : IPattern
{
    /// <inheritdoc/>
    public string Name => "bricks";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(8));
        float height = random.Range(6.5f, 12);
        float width = height * random.Range(1.8f, 2.3f);
        float joint = random.Range(0.7f, 1.1f);
        float variety = random.Range(0, 0.3f);
        uint seed = (uint)random.NextBits();
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            int row = (int)MathF.Floor(v / height + 0.5f);
            u += (row & 1) * 0.5f * width;
            float du = MathF.Abs(Lattice.Fold(u, width)) - 0.5f * width + joint;
            float dv = MathF.Abs(v - row * height) - 0.5f * height + joint;
            float shade = 1 - variety * Lattice.Value((int)MathF.Floor(u / width + 0.5f), row, seed);
            return shade * canvas.Inside(Math.Max(du, dv));
        });
    }
}
