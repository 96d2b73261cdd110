namespace CnnViz.Kernels.Tests;

/// <summary>Values between −1 and 1 without order, no two of them equal: maxima and rectifiers have a gradient there.</summary>
internal static class Noise
{
    public static float[] Of(long count, int seed)
    {
        var random = new Random(seed);
        int[] order = [.. Enumerable.Range(0, checked((int)count))];
        random.Shuffle(order);
        return [.. order.Select(place => (float)((place + 0.3) / count * 2 - 1))];
    }
}
