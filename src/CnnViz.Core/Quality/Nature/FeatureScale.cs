using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>Mean and deviation of each channel of some stages over natural pictures, by which features of one kind can be compared with those of another.</summary>
internal sealed class FeatureScale(int stages)
{
    private readonly double[][] _sums = new double[stages][];
    private readonly double[][] _squares = new double[stages][];
    private readonly long[] _positions = new long[stages];

    /// <summary>Takes a natural picture in.</summary>
    /// <param name="outputs">The output of each stage: 1×C×H×W, or 1×C.</param>
    public void Add(torch.Tensor[] outputs)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        for (int stage = 0; stage < stages; stage++)
        {
            torch.Tensor maps = outputs[stage].reshape(outputs[stage].shape[1], -1);
            _positions[stage] += maps.shape[1];
            Sum(ref _sums[stage], maps.sum([1]));
            Sum(ref _squares[stage], maps.Square().sum([1]));
        }
    }

    /// <summary>Features less the natural mean, in units of the natural deviation, and of length 1 in each stage.</summary>
    /// <param name="features">For each stage, a value for each channel.</param>
    /// <param name="left">The channel of the last stage that does not count; null where all do.</param>
    /// <returns>The same; zeros in a stage that says nothing.</returns>
    public double[][] Apply(double[][] features, int? left) => [.. features.Select((values, stage) =>
    {
        double[] scaled = [.. values.Select((value, channel) => stage == stages - 1 && channel == left ? 0 : Scale(stage, channel, value))];
        double length = Math.Sqrt(scaled.Sum(value => value * value));
        return length > 0 ? [.. scaled.Select(value => value / length)] : scaled;
    })];

    private double Scale(int stage, int channel, double value)
    {
        double mean = _sums[stage][channel] / _positions[stage];
        double variance = _squares[stage][channel] / _positions[stage] - mean * mean;

        // Below this it is what single precision leaves of nothing.
        return double.IsFinite(value) && variance > 1e-6 * mean * mean && variance > 1e-30 ? (value - mean) / Math.Sqrt(variance) : 0;
    }

    private static void Sum(ref double[] sums, torch.Tensor values)
    {
        double[] added = values.ToDoubles();
        sums = sums is null ? added : [.. sums.Zip(added, (sum, value) => sum + value)];
    }
}
