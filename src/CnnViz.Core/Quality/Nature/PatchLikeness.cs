namespace CnnViz.Quality;

/// <summary>Natural patches with what a filter makes of them: whether those that are most like a picture fire the filter.</summary>
internal sealed class PatchLikeness
{
    // The patches that are most like a picture.
    private const int Nearest = 8;

    // Of fewer, the nearest are not alike.
    private const int Fewest = 4 * Nearest;

    private readonly int _firing;
    private readonly (string Path, double[][] Features, double Standing)[] _patches;

    /// <param name="patches">Patches, each with its features (for each stage, a vector of length 1) and its activation; above is what fires.</param>
    /// <param name="firing">How many of them, at the beginning, are those that fire the filter most.</param>
    public PatchLikeness(IReadOnlyList<(string Path, double[][] Features, float Activation)> patches, int firing)
    {
        _firing = firing;
        float[] sorted = [.. patches.Select(patch => patch.Activation).Order()];
        _patches = [.. patches.Select(patch => (patch.Path, patch.Features, StandingOf(patch.Activation, sorted)))];
    }

    /// <summary>
    /// The share of natural patches that fire the filter less than those do that are most like a picture: 1 where the picture is like what fires the filter
    /// most, about 0.5 where it has nothing to do with it. Null where there are too few patches, or none that fires the filter.
    /// </summary>
    /// <param name="features">For each stage, a vector of length 1.</param>
    public double? AgreementOf(double[][] features) => Agreement(features, null);

    /// <summary>The same for the patches that fire the filter most, by patches of other pictures: how well natural pictures say what it looks for.</summary>
    public double? Clarity => _patches.Take(_firing).Select(patch => Agreement(patch.Features, patch.Path)).Average();

    private double? Agreement(double[][] features, string? without) => _firing == 0 || _patches.Length < Fewest ? null : _patches
        .Where(patch => patch.Path != without)
        .OrderByDescending(patch => Likeness(features, patch.Features))
        .Take(Nearest)
        .Average(patch => patch.Standing);

    // The share of values below one; equal ones count half.
    private static double StandingOf(float value, float[] sorted)
    {
        int below = LowerBound(sorted, value, orEqual: false);
        return (below + LowerBound(sorted, value, orEqual: true)) / 2.0 / sorted.Length;
    }

    private static int LowerBound(float[] sorted, float value, bool orEqual)
    {
        int low = 0;
        for (int high = sorted.Length; low < high;)
        {
            int middle = (low + high) / 2;
            if (sorted[middle] < value || (orEqual && sorted[middle] == value))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    // The mean cosine over the stages.
    private static double Likeness(double[][] one, double[][] other) => one.Zip(other, Dot).Average();

    private static double Dot(double[] one, double[] other)
    {
        double sum = 0;
        for (int i = 0; i < one.Length; i++)
        {
            sum += one[i] * other[i];
        }

        return sum;
    }
}
