using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>To which side lines bend.</summary>
internal static class Arcs
{
    private const double Sharpest = 0.25;
    private const double Straight = 0.03;

    /// <summary>
    /// The part of all edges that lie and open upwards less the part that opens downwards: above 0 where most are like bowls, below
    /// where most are like arches. Corners are left out: in a row of arcs they undo what the arcs do.
    /// </summary>
    /// <remarks>
    /// The curvature vector of a line of equal brightness is −div(n) n with n the direction of the gradient: the same on both sides
    /// of a line, bright or dark.
    /// </remarks>
    public static double OpenUpwards(torch.Tensor picture, double blur)
    {
        torch.Tensor plane = Contrast.Plane(picture, blur);
        torch.Tensor right = plane[1..^1, 2..] - plane[1..^1, ..^2];
        torch.Tensor down = plane[2.., 1..^1] - plane[..^2, 1..^1];
        torch.Tensor size = (right.square() + down.square()).sqrt() + 1e-4;
        (right, down) = (right / size, down / size);
        torch.Tensor spread = 0.5 * (right[1..^1, 2..] - right[1..^1, ..^2] + down[2.., 1..^1] - down[..^2, 1..^1]);
        torch.Tensor bends = (spread.abs() > Straight) & (spread.abs() < Sharpest);
        torch.Tensor weight = size[1..^1, 1..^1].square() * bends.to(torch.ScalarType.Float32);

        // y points down.
        torch.Tensor up = spread * down[1..^1, 1..^1];
        torch.Tensor lying = down[1..^1, 1..^1].square();
        return ((weight * lying * up.sign()).sum() / (size.square().sum() + 1e-9)).ToDouble();
    }
}
