namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Irregular cells around random points, each of its own shade, like cracked mud.</summary>
internal sealed class Voronoi : IPattern
{
    /// <inheritdoc/>
    public string Name => "voronoi";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = Frame.AnyOrigin(random, random.Tilt(180));
        float spacing = random.Range(10, 17);
        float joint = random.Range(0.7f, 1.2f);
        float variety = random.Range(0.1f, 0.5f);
        uint seed = (uint)random.NextBits();
        canvas.Fill((x, y) =>
        {
            (float u, float v) = frame.At(x, y);
            int column = (int)MathF.Floor(u / spacing);
            int row = (int)MathF.Floor(v / spacing);
            float nearest = float.MaxValue;
            float second = float.MaxValue;
            uint owner = 0;
            for (int r = row - 1; r <= row + 1; r++)
            {
                for (int c = column - 1; c <= column + 1; c++)
                {
                    uint hash = Lattice.Hash(c, r, seed);
                    float du = (c + 0.05f + 0.9f / 0xFFFF * (hash & 0xFFFF)) * spacing - u;
                    float dv = (r + 0.05f + 0.9f / 0xFFFF * (hash >> 16)) * spacing - v;
                    float square = du * du + dv * dv;
                    if (square < nearest)
                    {
                        second = nearest;
                        nearest = square;
                        owner = hash;
                    }
                    else if (square < second)
                    {
                        second = square;
                    }
                }
            }

            float toBorder = 0.5f * (MathF.Sqrt(second) - MathF.Sqrt(nearest));
            float shade = 1 - variety / 0xFF * ((owner * 0x9E3779B1) >> 24);
            return shade * canvas.Inside(joint - toBorder);
        });
    }
}
