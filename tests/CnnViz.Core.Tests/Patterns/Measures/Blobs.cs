using System.Numerics;
using TorchSharp;

namespace CnnViz.Tests.Patterns.Measures;

/// <summary>Shapes that stand out from their surroundings.</summary>
internal static class Blobs
{
    private const int Orders = 7;
    private const int LeastArea = 9;

    /// <summary>The connected shapes above a threshold (Otsu's) of the strongest contrast.</summary>
    /// <param name="plane">H×W; what is above is ink.</param>
    public static IReadOnlyList<Blob> Find(torch.Tensor plane)
    {
        int height = (int)plane.shape[0];
        int width = (int)plane.shape[1];
        float[] values = plane.contiguous().data<float>().ToArray();
        float threshold = Threshold(values);
        var seen = new bool[values.Length];
        var blobs = new List<Blob>();
        for (int start = 0; start < values.Length; start++)
        {
            if (seen[start] || values[start] <= threshold)
            {
                continue;
            }

            List<int> pixels = Fill(start, values, threshold, seen, width, height);
            if (pixels.Count >= LeastArea)
            {
                blobs.Add(Describe(pixels, values, threshold, width, height));
            }
        }

        return blobs;
    }

    /// <summary>The threshold that leaves the least variance within its two sides.</summary>
    private static float Threshold(float[] values)
    {
        float[] sorted = [.. values.Order()];
        double total = sorted.Sum(value => (double)value);
        double below = 0;
        (double best, float threshold) = (double.MinValue, 0);
        for (int i = 0; i < sorted.Length - 1; i++)
        {
            below += sorted[i];
            double low = below / (i + 1);
            double high = (total - below) / (sorted.Length - i - 1);
            double between = (i + 1.0) * (sorted.Length - i - 1.0) * (high - low) * (high - low);
            if (between > best)
            {
                (best, threshold) = (between, sorted[i]);
            }
        }

        return threshold;
    }

    private static List<int> Fill(int start, float[] values, float threshold, bool[] seen, int width, int height)
    {
        List<int> pixels = [start];
        seen[start] = true;
        for (int i = 0; i < pixels.Count; i++)
        {
            (int y, int x) = Math.DivRem(pixels[i], width);
            Visit(y - 1, x);
            Visit(y + 1, x);
            Visit(y, x - 1);
            Visit(y, x + 1);
        }

        return pixels;

        void Visit(int y, int x)
        {
            int i = y * width + x;
            if (y >= 0 && x >= 0 && y < height && x < width && !seen[i] && values[i] > threshold)
            {
                seen[i] = true;
                pixels.Add(i);
            }
        }
    }

    private static Blob Describe(List<int> pixels, float[] values, float threshold, int width, int height)
    {
        double meanX = pixels.Average(i => i % width);
        double meanY = pixels.Average(i => i / width);
        double xx = pixels.Average(i => Square(i % width - meanX)) + 1.0 / 12;
        double yy = pixels.Average(i => Square(i / width - meanY)) + 1.0 / 12;
        double xy = pixels.Average(i => (i % width - meanX) * (i / width - meanY));
        double spread = Math.Sqrt(Square(xx - yy) + 4 * xy * xy);
        bool atEdge = pixels.Any(i => i % width == 0 || i % width == width - 1 || i < width || i >= values.Length - width);
        return new Blob(
            pixels.Count,
            atEdge,
            pixels.Count / (2 * Math.PI * (xx + yy)),
            Math.Sqrt((xx + yy + spread) / Math.Max(xx + yy - spread, 1e-6)),
            Outline(pixels, values, threshold, width, height),
            Mass(pixels.Select(i => new Complex(i % width - meanX, i / width - meanY))));
    }

    private static Complex[] Mass(IEnumerable<Complex> fromCentre)
    {
        var harmonics = new Complex[Orders];
        double total = 0;
        foreach (Complex place in fromCentre)
        {
            double weight = Square(place.Magnitude);
            total += weight;
            for (int order = 0; order < Orders; order++)
            {
                harmonics[order] += Complex.FromPolarCoordinates(weight, order * place.Phase);
            }
        }

        return [.. harmonics.Select(harmonic => harmonic / (total + 1e-9))];
    }

    // The gradient at the pixels of the outline gives the normal finer than the steps between pixels do.
    private static Complex[] Outline(List<int> pixels, float[] values, float threshold, int width, int height)
    {
        var harmonics = new Complex[Orders];
        double total = 0;
        foreach (int i in pixels)
        {
            (int y, int x) = Math.DivRem(i, width);
            bool inside = x > 0 && y > 0 && x < width - 1 && y < height - 1;
            if (!inside || Math.Min(Math.Min(values[i - 1], values[i + 1]), Math.Min(values[i - width], values[i + width])) > threshold)
            {
                continue;
            }

            var normal = new Complex(values[i - 1] - values[i + 1], values[i - width] - values[i + width]);
            total += normal.Magnitude;
            for (int order = 0; order < Orders; order++)
            {
                harmonics[order] += Complex.FromPolarCoordinates(normal.Magnitude, order * normal.Phase);
            }
        }

        return [.. harmonics.Select(harmonic => harmonic / (total + 1e-9))];
    }

    private static double Square(double value) => value * value;
}
