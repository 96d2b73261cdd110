using System.Numerics;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>A connected shape of a picture.</summary>
/// <param name="Area">Pixels.</param>
/// <param name="AtEdge">Whether the edge of the picture cuts it.</param>
/// <param name="Compactness">
/// Area² / (2π · polar moment of area): 1 for a disc, 0.99 for a hexagon, 0.95 for a square, 0.83 for a triangle, less for all that
/// has arms or is long.
/// </param>
/// <param name="Elongation">Ratio of the longest to the shortest standard deviation.</param>
/// <param name="Harmonics">
/// The mean of exp(i k · direction of the outward normal) over its outline, for k = 0…6: |k = 3| is near 1 for a triangle, 4 for squares
/// and crosses, 5 for stars, 6 for hexagons, and none for a disc. Directions are clockwise from the right.
/// </param>
/// <param name="Mass">
/// The mean of exp(i k · direction from the centre) over its pixels, weighed with the squared distance from the centre: k = 4 is large
/// for crosses, 5 for stars, and none for a disc. Of small shapes it is surer than the outline.
/// </param>
internal sealed record Blob(int Area, bool AtEdge, double Compactness, double Elongation, Complex[] Harmonics, Complex[] Mass)
{
    /// <summary>How much the sides keep to a number of directions that share the circle evenly, 0…1.</summary>
    public double Sides(int directions) => Harmonics[directions].Magnitude;

    /// <summary>How much it reaches out in a number of directions that share the circle evenly, 0…1.</summary>
    public double Arms(int directions) => Mass[directions].Magnitude;
}
