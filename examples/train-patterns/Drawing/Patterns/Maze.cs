namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>
/// A labyrinth of straight walls. Each cell has a wall on top or on the left, which leaves exactly one way between any two.
/// </summary>
internal sealed class Maze : IPattern
{
    /// <inheritdoc/>
    public string Name => "maze";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(8) + random.Below(4) * (MathF.PI / 2));
        float cell = random.Range(7, 11);
        float half = 0.5f * random.Range(0.32f, 0.46f) * cell;
        uint seed = (uint)random.NextBits();
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            int column = (int)MathF.Floor(u / cell);
            int row = (int)MathF.Floor(v / cell);
            u -= column * cell;
            v -= row * cell;

            // Walls meet at every corner, so each corner has a post.
            float du = Math.Min(u, cell - u);
            float dv = Math.Min(v, cell - v);
            float wall = Math.Max(du, dv);
            wall = HasTop(column, row) ? Math.Min(wall, v) : Math.Min(wall, u);
            wall = HasTop(column, row + 1) ? Math.Min(wall, cell - v) : wall;
            wall = HasTop(column + 1, row) ? wall : Math.Min(wall, cell - u);
            return canvas.Inside(wall - half);
        });

        bool HasTop(int column, int row) => (Lattice.Hash(column, row, seed) & 1) != 0;
    }
}
