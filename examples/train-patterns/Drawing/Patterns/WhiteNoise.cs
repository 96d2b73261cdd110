namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Every grain has a value of its own.</summary>
internal sealed class WhiteNoise : IPattern
{
    /// <inheritdoc/>
    public string Name => "white-noise";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        float grain = random.Whole(1, 2);
        bool twoLevels = random.Chance(0.4f);
        uint seed = (uint)random.NextBits();
        canvas.Fill((x, y) =>
        {
            float value = Lattice.Value((int)(x / grain), (int)(y / grain), seed);
            return twoLevels ? MathF.Round(value) : value;
        });
    }
}
