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
internal sealed record Blob(int Area, bool AtEdge, double Compactness, double Elongation, Complex[] Harmonics)
{
    /// <summary>How much the sides keep to a number of directions that share the circle evenly, 0…1.</summary>
    public double Sides(int directions) => Harmonics[directions].Magnitude;
}
