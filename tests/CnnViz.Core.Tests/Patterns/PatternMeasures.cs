using CnnViz.Tests.Patterns.Measures;

namespace CnnViz.Tests.Patterns;

/// <summary>
/// A measure for every pattern. Thresholds lie between what drawings of the pattern and drawings of the others score
/// (<see cref="PatternMeasuresTests"/>). Directions are clockwise from the right, across the edges.
/// <para>
/// A measure looks at one property that the name stands for. That of a maze, of brush strokes, of Voronoi cells and of clouds is
/// the weakest: that nothing repeats, or that the spectrum is even, also holds where a picture is merely disorderly.
/// </para>
/// </summary>
internal static class PatternMeasures
{
    /// <summary>The measures, in the order of the network's classes.</summary>
    public static IReadOnlyList<PatternMeasure> All { get; } =
    [
        new("horizontal-stripes", "edges across 90°", 0.5, picture => Directions.Stripes(picture, 90)),
        new("vertical-stripes", "edges across 0°", 0.5, picture => Directions.Stripes(picture, 0)),
        new("rising-stripes", "edges across 45°", 0.5, picture => Directions.Stripes(picture, 45)),
        new("falling-stripes", "edges across 135°", 0.5, picture => Directions.Stripes(picture, 135)),
        new("checkerboard", "diagonal waves, upright edges", 0.45, Lattices.Checkerboard) { Siblings = ["crosses"] },
        new("polka-dots", "round shapes", 0.5, Shapes.Dots),
        new("rings", "variance by distance from a centre", 0.42, PolarPicture.Rings),
        new("spiral", "power in winding arms", 0.6, PolarPicture.Spiral),
        new("sunburst", "variance by direction from a centre", 0.5, PolarPicture.Rays),
        new("grid", "upright waves, upright edges", 0.53, Lattices.Grid) { Siblings = ["plaid", "basket-weave"] },
        new("bricks", "upright edges, more lying", 0.4, Directions.Bricks),
        new("hexagons", "sixfold edges", 0.02, Directions.Hexagons),
        new("triangles", "threefold edges", 0.45, Directions.Triangles),
        new("diamonds", "upright waves, slanted edges", 0.5, Lattices.Diamonds),
        new("waves", "flow that lies, rises and falls", 0.33, Directions.Waves),
        new("zigzag", "edges that rise and fall", 0.3, Directions.Zigzag),
        new("plaid", "upright waves that add up", 0.75, Lattices.Plaid),
        new("basket-weave", "lying and standing strips", 0.4, Shapes.Strips),
        new("scales", "lines that open upwards", 0.075, picture => Arcs.OpenUpwards(picture, 1)) { Siblings = ["spiral", "rings"] },
        new("crosses", "shapes with four arms", 0.5, Shapes.Crosses),
        new("stars", "shapes with five arms", 0.4, Shapes.Stars),
        new("hearts", "shapes with a point below", 0.5, Shapes.Hearts),
        new("maze", "upright flow that never repeats", 0.13, Directions.Maze),
        new("voronoi", "compact cells that never repeat", 0.4, picture => Shapes.Cells(picture) * Repetition.Absence(picture)),
        new("brush-strokes", "parallel flow that never repeats", 0.3, Directions.Strokes),
        new("clouds", "steep even spectrum", 0.23, Textures.Clouds),
        new("white-noise", "flat spectrum", 0.28, Textures.Noise),
        new("gradient", "power in the lowest waves", 0.6, Textures.Gradient),
    ];
}
