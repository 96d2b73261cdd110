namespace CnnViz.Patterns.Drawing;

/// <summary>A turned and shifted coordinate system; positive angles turn it clockwise, as y points down.</summary>
internal readonly struct Frame(float angle, float x, float y)
{
    private readonly float _cos = MathF.Cos(angle);
    private readonly float _sin = MathF.Sin(angle);

    /// <summary>A frame with any origin.</summary>
    public static Frame AnyOrigin(RandomSource random, float angle) =>
        new(angle, random.Range(0, Canvas.Side), random.Range(0, Canvas.Side));

    /// <summary>A frame with its origin around the middle of the picture.</summary>
    public static Frame AroundMiddle(RandomSource random, float angle) => new(
        angle,
        random.Range(0.3f, 0.7f) * Canvas.Side,
        random.Range(0.3f, 0.7f) * Canvas.Side);

    /// <summary>A point of the picture, in this system.</summary>
    public (float U, float V) At(float px, float py)
    {
        float dx = px - x;
        float dy = py - y;
        return (dx * _cos + dy * _sin, dy * _cos - dx * _sin);
    }
}
