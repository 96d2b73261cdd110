using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Ascent;

/// <summary>How strong the channels of a layer answer to photos: for each channel the sorted values, their mean over the photos.</summary>
/// <param name="channels">Number of channels.</param>
internal sealed class ReferenceDistribution(int channels)
{
    // Quantiles of the values of a channel: finer than the maps of deep layers are.
    private const int Levels = 256;

    // More positions of a map say no more about its values, and sorting them takes its time.
    private const int MostPositions = 1024;

    private readonly Dictionary<int, float[]> _byCount = [];
    private readonly double[] _sum = new double[channels * Levels];
    private int _count;

    /// <summary>Adds what a photo does.</summary>
    /// <param name="maps">C×positions.</param>
    public void Add(torch.Tensor maps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[] sorted = Resize(Sort(maps.unsqueeze(0)), Levels).ToFloats();
        for (int i = 0; i < sorted.Length; i++)
        {
            _sum[i] += sorted[i];
        }

        _count++;
    }

    /// <summary>The distance of maps from it: the mean squared difference of sorted values, in units of the photos' mean square; 0 for the same.</summary>
    /// <param name="maps">N×C×H×W, or N×C.</param>
    /// <returns>N values, differentiable.</returns>
    public torch.Tensor Distance(torch.Tensor maps)
    {
        torch.Tensor sorted = Sort(maps.reshape(maps.shape[0], channels, -1));
        torch.Tensor wanted = torch.tensor(Values((int)sorted.shape[2]), [1, channels, sorted.shape[2]], device: maps.device);
        return (sorted - wanted).Square().mean([1, 2]) / wanted.Square().mean().Add(float.Epsilon);
    }

    // As many as a map has positions. Ascents of a batch ask at the same time.
    private float[] Values(int positions)
    {
        lock (_byCount)
        {
            if (!_byCount.TryGetValue(positions, out float[]? values))
            {
                using DisposeScope scope = torch.NewDisposeScope();
                float[] mean = [.. _sum.Select(sum => (float)(sum / _count))];
                _byCount[positions] = values = Resize(torch.tensor(mean, [1, channels, Levels]), positions).ToFloats();
            }

            return values;
        }
    }

    // N×C×positions, ascending. The gradient goes to where a value stands.
    private static torch.Tensor Sort(torch.Tensor maps)
    {
        long step = (maps.shape[2] + MostPositions - 1) / MostPositions;
        return (step > 1 ? maps.slice(2, 0, maps.shape[2], step) : maps).sort(2).Values;
    }

    private static torch.Tensor Resize(torch.Tensor sorted, int count) =>
        sorted.shape[2] == count ? sorted
        : sorted.shape[2] == 1 ? sorted.expand(-1, -1, count)
        : interpolate(sorted, [count], mode: torch.InterpolationMode.Linear, align_corners: true);
}
