using CnnViz.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import.Normalizations;

/// <summary>
/// Tells the range that a network's image must have from what the network itself does to it first: 0…255 if it divides by 255, 0…1 if it
/// subtracts 0.485. A second normalization on top of it would flatten every picture.
/// </summary>
internal static class InputNormalization
{
    // Two normalizations are the same to this share of the width of their range.
    private const double Tolerance = 0.03;

    // Values that are divided by more, or that more is subtracted from, are bytes.
    private const double SmallestUnitGain = 1.0 / 32;
    private const double LargestUnitMean = 8;

    // Values of 0…1 are divided by their standard deviation.
    private const double LeastUnitGain = 1.5;

    // Mean and standard deviation of photos, 0…1, red first (ImageNet).
    private static readonly double[] s_mean = [0.485, 0.456, 0.406];
    private const double Deviation = 0.27;

    // What batch normalizations remember must be as near to a preprocessing, in nats, and as much farther from all others.
    private const double Near = 0.2;
    private const double Farther = 0.4;

    // What images may be given as, in the order of what is usual.
    private static readonly Preprocessing[] s_given = [Preprocessing.None, Preprocessing.Unit, Preprocessing.Symmetric, Preprocessing.ImageNet];

    // What networks make of them.
    private static readonly Preprocessing[] s_made =
    [
        Preprocessing.Unit,
        Preprocessing.Symmetric,
        Preprocessing.ImageNet,
        Preprocessing.None,
        new() { Scale = 255, Mean = [123.68f, 116.78f, 103.94f] },
        new() { Mean = [0.5f] },
        new() { Scale = 255, Mean = [128] },
        new() { Scale = 2 },
    ];

    /// <summary>A preprocessing that is known, or what the network tells where it is only a guess.</summary>
    /// <param name="preprocessing">What is said or guessed.</param>
    /// <param name="graph">The network.</param>
    /// <param name="channels">Channels of its image.</param>
    public static Preprocessing Refine(Preprocessing preprocessing, Graph graph, int channels) =>
        preprocessing.Source == PreprocessingSource.Guessed ? Find(graph, channels) ?? preprocessing : preprocessing;

    /// <summary>What the network tells; null where it tells nothing.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="channels">Channels of its image.</param>
    public static Preprocessing? Find(Graph graph, int channels)
    {
        if (ChannelTracing.Follow(graph, channels) is not { IsUnchanged: false } end
            || !end.Source.Order().SequenceEqual(Enumerable.Range(0, channels)))
        {
            return null;
        }

        // In the order of the image's channels.
        ImageChannels image = end.Take(Enumerable.Range(0, channels).Select(channel => (long)Array.IndexOf(end.Source, channel)))!;
        Preprocessing? found = end.Statistics is { } statistics ? OfStatistics(statistics.Mean, statistics.Deviation, channels) : OfRange(image);
        return found is null ? null : found with { Source = PreprocessingSource.Metadata };
    }

    private static Preprocessing? OfRange(ImageChannels image)
    {
        foreach (Preprocessing given in s_given.Where(given => given.Mean.Count == 1 || image.Count == 3))
        {
            foreach (Preprocessing made in s_made.Where(made => (made.Mean.Count == 1 || image.Count == 3) && made.Name != given.Name))
            {
                if (IsSame(image, given, made, isBlueFirst: false))
                {
                    return given;
                }

                if (made.Mean.Count == 3 && given.Mean.Count == 1 && IsSame(image, given, made, isBlueFirst: true))
                {
                    return given with { Name = "Custom", ChannelOrder = ChannelOrder.Bgr };
                }
            }
        }

        double gain = image.Gain.Max(Math.Abs);
        double[] means = [.. image.Gain.Zip(image.Offset, (factor, summand) => -summand / factor)];
        return gain < SmallestUnitGain || means.Any(mean => Math.Abs(mean) > LargestUnitMean) ? Preprocessing.None
            : gain > LeastUnitGain && means.All(mean => mean is > 0.1 and < 0.8) ? Preprocessing.Unit
            : null;
    }

    // Whether the network makes the one of the other.
    private static bool IsSame(ImageChannels image, Preprocessing given, Preprocessing made, bool isBlueFirst) =>
        Enumerable.Range(0, image.Count).All(channel =>
        {
            int colour = isBlueFirst ? image.Count - 1 - channel : channel;
            (double gain, double offset) = Line(given, channel);
            (double wantedGain, double wantedOffset) = Line(made, colour);
            (gain, offset) = (gain * image.Gain[channel], offset * image.Gain[channel] + image.Offset[channel]);
            return Math.Abs(gain - wantedGain) < Tolerance * wantedGain && Math.Abs(offset - wantedOffset) < Tolerance * wantedGain;
        });

    // x · gain + offset.
    private static (double Gain, double Offset) Line(Preprocessing preprocessing, int channel)
    {
        double std = preprocessing.Std[preprocessing.Std.Count == 1 ? 0 : channel];
        double mean = preprocessing.Mean[preprocessing.Mean.Count == 1 ? 0 : channel];
        return (preprocessing.Scale / std, -mean / std);
    }

    // By the divergence of the photos that a batch normalization remembers from photos in each range (Kullback and Leibler).
    private static Preprocessing? OfStatistics(double[] mean, double[] deviation, int channels)
    {
        if (channels is not (1 or 3) || !mean.Concat(deviation).All(double.IsFinite))
        {
            return null;
        }

        (Preprocessing Preprocessing, double Divergence)[] ranked = [.. s_given
            .Where(given => given.Mean.Count == 1 || channels == 3)
            .Select(given => (given, Enumerable.Range(0, channels).Average(channel =>
            {
                (double gain, double offset) = Line(given, channel);
                double size = gain * Deviation;
                double distance = mean[channel] - (gain * (channels == 3 ? s_mean[channel] : s_mean.Average()) + offset);
                return Math.Log(size / deviation[channel])
                    + (deviation[channel] * deviation[channel] + distance * distance) / (2 * size * size) - 0.5;
            })))
            .OrderBy(pair => pair.Item2)];
        return ranked[0].Divergence < Near && ranked[1].Divergence - ranked[0].Divergence > Farther ? ranked[0].Preprocessing : null;
    }
}
