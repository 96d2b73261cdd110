using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>Pictures that repeat a shape: the part of all separate shapes, by area, that are like the named one.</summary>
internal static class Shapes
{
    // Fewer could be chance.
    private const double Enough = 4;

    // Shapes that are cut by the edge of the picture, or all joined to one, say nothing; some must be whole.
    private const double EnoughWhole = 0.25;

    /// <summary>Small round dots on a ground that covers more than they do.</summary>
    public static double Dots(torch.Tensor picture) => Share(picture, 0, 0.52, blob =>
        blob.Compactness > 0.92 && blob.Elongation < 1.3 && Enumerable.Range(2, 5).All(order => blob.Sides(order) < 0.3));

    /// <summary>Shapes with four arms.</summary>
    public static double Crosses(torch.Tensor picture) => Share(picture, 0, 0.52, blob =>
        blob.Arms(4) > 0.3 && blob.Elongation < 1.35);

    /// <summary>Shapes with five arms.</summary>
    public static double Stars(torch.Tensor picture) => Share(picture, 0, 0.52, blob =>
        blob.Arms(5) > 0.15 && blob.Arms(5) > Math.Max(blob.Arms(3), blob.Arms(4)) && blob.Elongation < 1.5);

    /// <summary>Shapes that are pointed below and round above.</summary>
    public static double Hearts(torch.Tensor picture) => Share(picture, 0, 0.52, blob =>
        blob.Harmonics[3].Imaginary > 0.2 && blob.Elongation < 1.5 && blob.Compactness > 0.88);

    /// <summary>Compact cells, of any outline, that cover more than what is between them.</summary>
    public static double Cells(torch.Tensor picture) => Share(picture, 0.4, 1, blob =>
        blob.Compactness > 0.7 && blob.Area > 20);

    /// <summary>Long shapes, as many lying as standing.</summary>
    public static double Strips(torch.Tensor picture)
    {
        double lying = Share(picture, 0, 1, blob => blob.Elongation > 1.8 && blob.Harmonics[2].Real < -0.2);
        double standing = Share(picture, 0, 1, blob => blob.Elongation > 1.8 && blob.Harmonics[2].Real > 0.2);
        return 2 * Math.Min(lying, standing);
    }

    // Ink may be the brighter or the darker.
    private static double Share(torch.Tensor picture, double leastCover, double mostCover, Func<Blob, bool> isLike)
    {
        torch.Tensor plane = Contrast.FlatPlane(picture);
        return Math.Max(OfInk(plane), OfInk(-plane));

        double OfInk(torch.Tensor ink)
        {
            IReadOnlyList<Blob> blobs = Blobs.Find(ink);
            double all = blobs.Sum(blob => blob.Area);
            double cover = all / ink.numel();
            double whole = blobs.Where(blob => !blob.AtEdge).Sum(blob => blob.Area);
            Blob[] like = [.. blobs.Where(blob => !blob.AtEdge && isLike(blob))];
            return whole == 0 || cover < leastCover || cover > mostCover
                ? 0
                : like.Sum(blob => blob.Area) / whole * Math.Min(1, like.Length / Enough) * Math.Min(1, whole / all / EnoughWhole);
        }
    }
}
