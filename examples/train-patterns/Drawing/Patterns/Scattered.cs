namespace CnnViz.Patterns.Drawing.Patterns;

/// <summary>Puts a shape on every point of a staggered lattice.</summary>
internal static class Scattered
{
    /// <summary>Stamps the shapes.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="random">Turns and shifts the lattice.</param>
    /// <param name="spacing">From one shape to the next.</param>
    /// <param name="radius">How far a shape reaches.</param>
    /// <param name="shape">Makes the coverage of one shape, around its middle.</param>
    public static void Stamp(
        Canvas canvas,
        RandomSource random,
        float spacing,
        float radius,
        Func<Func<float, float, float>> shape)
    {
        var frame = new Frame(random.Tilt(20), 0.5f * Canvas.Side, 0.5f * Canvas.Side);
        float shiftX = random.Range(0, spacing);
        float shiftY = random.Range(0, spacing);
        int reach = (int)MathF.Ceiling(0.8f * Canvas.Side / spacing) + 1;
        for (int row = -reach; row <= reach; row++)
        {
            for (int column = -reach; column <= reach; column++)
            {
                (float u, float v) = frame.At(
                    0.5f * Canvas.Side + (column + 0.5f * (row & 1)) * spacing + shiftX,
                    0.5f * Canvas.Side + row * spacing + shiftY);
                (float x, float y) = (u + 0.5f * Canvas.Side, v + 0.5f * Canvas.Side);
                bool seen = x > -radius && y > -radius && x < Canvas.Side + radius && y < Canvas.Side + radius;
                if (seen)
                {
                    canvas.Stamp(x, y, radius, shape());
                }
            }
        }
    }
}
