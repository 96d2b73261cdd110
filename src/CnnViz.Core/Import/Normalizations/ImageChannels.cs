namespace CnnViz.Import.Normalizations;

/// <summary>A value of a network that is still the image's channels, each times a factor plus a summand.</summary>
/// <param name="Source">Which channel of the image each is.</param>
/// <param name="Gain">The factors.</param>
/// <param name="Offset">The summands.</param>
/// <param name="Axis">The dimension of the channels; −1 where a single one has none.</param>
/// <param name="Rank">Number of dimensions.</param>
internal sealed record ImageChannels(int[] Source, double[] Gain, double[] Offset, int Axis, int Rank)
{
    /// <summary>Mean and standard deviation that a batch normalization remembers of each channel of the image; null where there was none.</summary>
    public (double[] Mean, double[] Deviation)? Statistics { get; init; }

    /// <summary>Number of channels.</summary>
    public int Count => Source.Length;

    /// <summary>Whether the values are the image's own.</summary>
    public bool IsUnchanged => Gain.All(gain => Math.Abs(gain - 1) < 1e-6) && Offset.All(offset => Math.Abs(offset) < 1e-6);

    /// <summary>The image.</summary>
    public static ImageChannels Of(int channels) =>
        new([.. Enumerable.Range(0, channels)], [.. Enumerable.Repeat(1.0, channels)], new double[channels], 1, 4);

    /// <summary>Each channel times a factor plus a summand.</summary>
    /// <param name="gain">One factor, or one a channel.</param>
    /// <param name="offset">One summand, or one a channel.</param>
    public ImageChannels Then(double[] gain, double[] offset) => this with
    {
        Gain = [.. Gain.Select((value, i) => value * Of(gain, i))],
        Offset = [.. Offset.Select((value, i) => value * Of(gain, i) + Of(offset, i))],
    };

    /// <summary>Some of the channels.</summary>
    /// <param name="places">Their places among these; null where one is not there.</param>
    public ImageChannels? Take(IEnumerable<long> places)
    {
        int[] taken = [.. places.Select(place => (int)(place < 0 ? place + Count : place))];
        return taken.Length == 0 || taken.Any(place => place < 0 || place >= Count) ? null : this with
        {
            Source = [.. taken.Select(place => Source[place])],
            Gain = [.. taken.Select(place => Gain[place])],
            Offset = [.. taken.Select(place => Offset[place])],
        };
    }

    /// <summary>These channels, and then others.</summary>
    public ImageChannels Join(ImageChannels other, int axis) => this with
    {
        Source = [.. Source, .. other.Source],
        Gain = [.. Gain, .. other.Gain],
        Offset = [.. Offset, .. other.Offset],
        Axis = axis,
    };

    private static double Of(double[] values, int channel) => values.Length == 1 ? values[0] : values[channel];
}
