using System.Numerics;
using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>Pictures that are told by the directions of their edges.</summary>
internal static class Directions
{
    private const double Tolerance = 20;
    private const double Neighbourhood = 3;
    private const long Part = 64;

    // Of a wall of bricks twice as wide as high: how many more of the edges lie than stand.
    private const double MoreLying = 0.45;

    /// <summary>The part of the edges across one direction, less the part across the perpendicular one.</summary>
    public static double Stripes(torch.Tensor picture, double across)
    {
        Edges edges = Edges.OfColours(picture);
        return edges.Across(across, Tolerance) - edges.Across(across + 90, Tolerance);
    }

    /// <summary>The part of the edges that lie or stand, the more the nearer their numbers are to those of bricks.</summary>
    public static double Bricks(torch.Tensor picture)
    {
        Edges edges = Edges.OfColours(picture);
        double standing = edges.Across(0, Tolerance);
        double lying = edges.Across(90, Tolerance);
        return lying + standing - 2 * Math.Abs(lying - standing - MoreLying);
    }

    /// <summary>Angles of 60° in parts of the picture, where no direction is special and opposite sides are alike.</summary>
    public static double Hexagons(torch.Tensor picture)
    {
        Edges edges = Edges.OfColours(picture);
        double special = edges.TiledHarmonic(2, Part) + 0.5 * edges.TiledHarmonic(4, Part);
        return edges.TiledHarmonic(6, Part) - 1.5 * (special + Edges.OfPlane(picture).TiledHarmonic(3, Part));
    }

    /// <summary>Three directions, from the dark to the bright side, at 120° to each other, in parts of the picture.</summary>
    public static double Triangles(torch.Tensor picture)
    {
        Edges edges = Edges.OfPlane(picture);
        return edges.TiledHarmonic(3, Part) - edges.TiledHarmonic(1, Part);
    }

    /// <summary>Neighbouring edges agree, on lying, rising and falling in equal parts, and hardly ever on standing.</summary>
    public static double Waves(torch.Tensor picture)
    {
        Edges edges = Edges.OfColours(picture);
        double least = new[] { 45.0, 90, 135 }.Min(across => edges.Across(across, Tolerance));
        return 3 * (least - edges.Across(0, Tolerance)) * edges.Flow(Neighbourhood).Agreement;
    }

    /// <summary>
    /// Edges that rise and edges that fall, equally, none that lie or stand, and no waves on the axes as diamonds have them.
    /// </summary>
    public static double Zigzag(torch.Tensor picture)
    {
        Edges edges = Edges.OfColours(picture);
        double both = Math.Min(edges.Across(45, Tolerance), edges.Across(135, Tolerance));
        double neither = edges.Across(0, Tolerance) + edges.Across(90, Tolerance);
        return 2 * (both - neither) * (1 - Lattices.OnAxes(picture));
    }

    /// <summary>Neighbouring edges agree, on lying in some places and standing in others, and nothing repeats.</summary>
    public static double Maze(torch.Tensor picture)
    {
        (double agreement, Complex second, Complex fourth) = Edges.OfColours(picture).Flow(Neighbourhood);
        return agreement * fourth.Real * (1 - second.Magnitude) * Repetition.Absence(picture);
    }

    /// <summary>Neighbouring edges agree, on every direction in turn: lines that bend to all sides, about many centres.</summary>
    public static double Bending(torch.Tensor picture)
    {
        (double agreement, Complex second, Complex fourth) = Edges.OfColours(picture).Flow(Neighbourhood);
        return agreement * (1 - second.Magnitude) * (1 - fourth.Magnitude);
    }

    /// <summary>Neighbouring edges agree, on about the same direction everywhere; nothing repeats, and it is not the slope of one gradient.</summary>
    public static double Strokes(torch.Tensor picture)
    {
        (double agreement, Complex second, _) = Edges.OfColours(picture).Flow(Neighbourhood);
        double slope = Textures.Gradient(picture);
        return agreement * second.Magnitude * Repetition.Absence(picture) * (1 - slope);
    }
}
