using CnnViz.Patterns.Drawing.Patterns;

namespace CnnViz.Patterns.Drawing;

/// <summary>All patterns, in the order of the network's classes.</summary>
internal static class PatternCatalog
{
    /// <summary>The patterns.</summary>
    public static IReadOnlyList<IPattern> All { get; } =
    [
        new Stripes("horizontal-stripes", 90),
        new Stripes("vertical-stripes", 0),
        new Stripes("rising-stripes", 45),
        new Stripes("falling-stripes", -45),
        new Checkerboard(),
        new PolkaDots(),
        new Rings(),
        new Spiral(),
        new Sunburst(),
        new Grid(),
        new Bricks(),
        new Hexagons(),
        new Triangles(),
        new Diamonds(),
        new Waves(),
        new Zigzag(),
        new Plaid(),
        new BasketWeave(),
        new Scales(),
        new Crosses(),
        new Stars(),
        new Hearts(),
        new Maze(),
        new Voronoi(),
        new BrushStrokes(),
        new Clouds(),
        new WhiteNoise(),
        new Gradient(),
    ];

    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All.Select(pattern => pattern.Name)];
}
