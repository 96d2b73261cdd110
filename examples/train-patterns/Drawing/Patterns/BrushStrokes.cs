namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Short strokes of a wet brush, with the marks of its bristles, in about one direction.</summary>
internal sealed class BrushStrokes : IPattern
{
    /// <inheritdoc/>
    public string Name => "brush-strokes";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        float direction = random.Tilt(90);
        int strokes = random.Whole(11, 16);
        for (int i = 0; i < strokes; i++)
        {
            var frame = new Frame(direction + random.Tilt(35), 0, 0);
            float half = random.Range(9, 16);
            float width = random.Range(2.8f, 4.6f);
            float bend = random.Range(-0.5f, 0.5f) * width / (half * half);
            float strength = random.Range(0.7f, 1f);
            uint seed = (uint)random.NextBits();
            canvas.Stamp(random.Range(0, Canvas.Side), random.Range(0, Canvas.Side), half + width, (x, y) =>
            {
                (float u, float v) = frame.At(x, y);
                v -= bend * u * u;

                // Every bristle starts and ends a little elsewhere, and carries its own amount of paint.
                int bristle = (int)MathF.Floor(v);
                float ragged = half * (0.8f + 0.35f * Lattice.Value(bristle, u < 0 ? 0 : 1, seed));
                float paint = strength * (0.7f + 0.3f * Lattice.Value(bristle, 2, seed));
                float taper = width * (1 - 0.35f * (u + half) / (2 * half));
                return paint * canvas.Inside(Math.Max(MathF.Abs(v) - taper, MathF.Abs(u) - ragged));
            });
        }
    }
}
