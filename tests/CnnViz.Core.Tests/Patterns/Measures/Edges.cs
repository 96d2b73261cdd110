using System.Numerics;
using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>
/// Directions of the edges: the direction across an edge is that of its gradient, in degrees clockwise from the right, as y points
/// down. Every pixel weighs as much as the square of its gradient.
/// </summary>
internal sealed class Edges
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _angle;

    /// <summary>The edges of planes.</summary>
    /// <param name="planes">C×H×W, or H×W.</param>
    public Edges(torch.Tensor planes)
    {
        torch.Tensor batch = planes.reshape(-1, planes.shape[^2], planes.shape[^1]);
        torch.Tensor right = batch[.., 1..^1, 2..] - batch[.., 1..^1, ..^2];
        torch.Tensor down = batch[.., 2.., 1..^1] - batch[.., ..^2, 1..^1];
        _weight = right.square() + down.square();
        _weight /= _weight.sum() + 1e-9;
        _angle = torch.atan2(down, right);
    }

    /// <summary>The edges of all colours together; which side is the brighter cannot be told.</summary>
    public static Edges OfColours(torch.Tensor picture, double blur = Contrast.Mild) => new(Contrast.Planes(picture, blur));

    /// <summary>The edges of the strongest contrast, with a bright and a dark side.</summary>
    public static Edges OfPlane(torch.Tensor picture, double blur = Contrast.Mild) => new(Contrast.Plane(picture, blur));

    /// <summary>The part of all edges whose direction is within a tolerance of a named one, on a half circle.</summary>
    public double Across(double degrees, double tolerance)
    {
        torch.Tensor off = 0.5 * (2 * (_angle - degrees * Math.PI / 180)).cos().clamp(-1, 1).acos();
        return (_weight * (off <= tolerance * Math.PI / 180).to(torch.ScalarType.Float32)).sum().ToDouble();
    }

    /// <summary>The mean of exp(i · order · direction) over all edges.</summary>
    public Complex Harmonic(int order) =>
        new((_weight * (order * _angle).cos()).sum().ToDouble(), (_weight * (order * _angle).sin()).sum().ToDouble());

    /// <summary>The mean size of the harmonic of parts of the picture, which may be turned differently.</summary>
    /// <param name="order">2 for stripes, 4 for right angles, 6 for angles of 60°; odd ones see which side is the brighter.</param>
    /// <param name="side">Side of a part in pixels; the parts overlap by half.</param>
    public double TiledHarmonic(int order, long side)
    {
        torch.Tensor real = Tiles(_weight * (order * _angle).cos(), side);
        torch.Tensor imaginary = Tiles(_weight * (order * _angle).sin(), side);
        return ((real.square() + imaginary.square()).sqrt().sum() / Tiles(_weight, side).sum()).ToDouble();
    }

    /// <summary>
    /// Looks at the direction that the edges of a neighbourhood share. Of stripes of any form it is clear nearly everywhere;
    /// where shapes have edges on all sides it is not.
    /// </summary>
    /// <param name="reach">Standard deviation of the neighbourhood in pixels.</param>
    /// <returns>
    /// How much the edges of neighbourhoods agree, 0…1; and the mean of exp(2 i · direction) and exp(4 i · direction) over the
    /// shared directions.
    /// </returns>
    public (double Agreement, Complex Second, Complex Fourth) Flow(double reach)
    {
        torch.Tensor across = Contrast.Blur((_weight * (2 * _angle).cos()).sum([0]), reach);
        torch.Tensor along = Contrast.Blur((_weight * (2 * _angle).sin()).sum([0]), reach);
        torch.Tensor strength = (across.square() + along.square()).sqrt();
        torch.Tensor doubled = torch.atan2(along, across);
        double total = strength.sum().ToDouble() + 1e-9;
        return (
            total,
            new Complex(across.sum().ToDouble(), along.sum().ToDouble()) / total,
            new Complex((strength * (2 * doubled).cos()).sum().ToDouble(), (strength * (2 * doubled).sin()).sum().ToDouble()) / total);
    }

    private static torch.Tensor Tiles(torch.Tensor planes, long side)
    {
        torch.Tensor plane = planes.sum([0], true).unsqueeze(0);
        side = Math.Min(side, Math.Min(plane.shape[^1], plane.shape[^2]));
        return torch.nn.functional.avg_pool2d(plane, [side, side], [Math.Max(1, side / 2), Math.Max(1, side / 2)]);
    }
}
