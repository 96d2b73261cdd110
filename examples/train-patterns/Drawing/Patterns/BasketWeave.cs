namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Squares of parallel strips, lying and standing in turn.</summary>
internal sealed class BasketWeave : IPattern
{
    /// <inheritdoc/>
    public string Name => "basket-weave";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(10));
        int strips = random.Whole(2, 3);
        float strip = random.Range(4.6f, 6f);
        float block = strips * strip;
        float half = 0.5f * random.Range(0.6f, 0.72f) * strip;
        float end = 0.5f * (strip - 2 * half);
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            int column = (int)MathF.Floor(u / block);
            int row = (int)MathF.Floor(v / block);
            u -= column * block;
            v -= row * block;
            (float along, float across) = ((column + row) & 1) == 0 ? (u, v) : (v, u);
            float side = MathF.Abs(Lattice.Fold(across - 0.5f * strip, strip)) - half;
            return canvas.Inside(Math.Max(side, MathF.Abs(along - 0.5f * block) - 0.5f * block + end));
        });
    }
}
