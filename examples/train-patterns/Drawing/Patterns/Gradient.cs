namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>One smooth passage from paper to ink across the whole picture.</summary>
internal sealed class Gradient : IPattern
{
    /// <inheritdoc/>
    public string Name => "gradient";

    /// <inheritdoc/>
    public void Draw(Canvas canvas, RandomSource random)
    {
        var frame = new Frame(random.Tilt(180), 0.5f * Canvas.Side, 0.5f * Canvas.Side);
        float length = random.Range(50, 85);
        float shift = random.Range(-0.12f, 0.12f);
        canvas.Fill((x, y) => Math.Clamp(frame.At(x, y).U / length + 0.5f + shift, 0, 1));
    }
}
