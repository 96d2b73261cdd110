using System.Collections.Concurrent;

namespace CnnViz.Kernels;

/// <summary>
/// A convolution's weights, packed for each of the products that have been asked for. Kernels of the same convolution for maps of several sizes
/// share them.
/// </summary>
public sealed class ConvolutionWeights
{
    private readonly Func<float[]> _read;
    private readonly ConcurrentDictionary<string, Lazy<PackedWeights>> _packed = new();
    private readonly Lazy<ConvolutionWeights> _merged;

    /// <param name="read">Reads the weights, O×I×h×w in row-major order: once for each product, by whatever thread comes first.</param>
    /// <param name="bias">O values; null for none.</param>
    /// <param name="outputs">O, a multiple of the groups.</param>
    /// <param name="inputs">I, which counts the inputs of one group.</param>
    /// <param name="height">h.</param>
    /// <param name="width">w.</param>
    /// <param name="groups">Groups of channels.</param>
    /// <exception cref="ArgumentException">A number is not above zero, or they do not fit together.</exception>
    public ConvolutionWeights(Func<float[]> read, float[]? bias, int outputs, int inputs, int height, int width, int groups = 1)
    {
        (_read, Outputs, Inputs, Height, Width, Groups) = (read, outputs, inputs, height, width, groups);
        if (Math.Min(Math.Min(outputs, inputs), Math.Min(Math.Min(height, width), groups)) < 1
            || outputs % groups != 0 || (bias?.Length ?? outputs) != outputs)
        {
            throw new ArgumentException($"There are no weights of {this} with {bias?.Length.ToString() ?? "no"} values of bias.");
        }

        _merged = new Lazy<ConvolutionWeights>(Merge);

        Bias = Extend(bias, outputs);
    }

    /// <summary>Filters.</summary>
    public int Outputs { get; }

    /// <summary>Inputs of one group.</summary>
    public int Inputs { get; }

    /// <summary>Height of the window.</summary>
    public int Height { get; }

    /// <summary>Width of the window.</summary>
    public int Width { get; }

    /// <summary>Groups of channels.</summary>
    public int Groups { get; }

    /// <summary>O values, and zeros.</summary>
    internal float[] Bias { get; }

    /// <summary>Filters of one group.</summary>
    internal int GroupOutputs => Outputs / Groups;

    /// <summary>
    /// The same convolution in fewer groups, where those of a few inputs would leave vectors half empty: several groups are one, with zeros
    /// between them.
    /// </summary>
    internal ConvolutionWeights Merged => _merged.Value;

    /// <inheritdoc />
    public override string ToString() => $"{Outputs}×{Inputs}×{Height}×{Width}{(Groups > 1 ? $" in {Groups} groups" : "")}";

    /// <summary>Values of which whole vectors can be read from any channel on.</summary>
    /// <param name="values">One for each channel; null for zeros.</param>
    /// <param name="channels">Number of channels.</param>
    internal static float[] Extend(float[]? values, int channels)
    {
        var extended = new float[channels + RegisterTile.MostVectors * Lanes.Count];
        values?.CopyTo(extended, 0);
        return extended;
    }

    /// <summary>Weights in the order of a product, made the first time.</summary>
    /// <param name="key">What tells the product from the others of this convolution.</param>
    /// <param name="pack">Makes them.</param>
    /// <exception cref="InvalidOperationException">Other weights were read than were announced.</exception>
    internal PackedWeights Pack(string key, Func<Source, PackedWeights> pack) =>
        _packed.GetOrAdd(key, _ => new Lazy<PackedWeights>(() => pack(new Source(this, Read())))).Value;

    private ConvolutionWeights Merge()
    {
        int members = Enumerable.Range(1, Groups).First(count => Groups % count == 0 && (count * Inputs >= Lanes.Count || count == Groups));
        return members == 1
            ? this
            : new ConvolutionWeights(
                () => Spread(Read(), members), Bias[..Outputs], Outputs, Inputs * members, Height, Width, Groups / members);
    }

    // Each output's weights at the place of its group's inputs.
    private float[] Spread(float[] values, int members)
    {
        int own = Inputs * Height * Width;
        var spread = new float[(long)Outputs * members * own];
        for (int output = 0; output < Outputs; output++)
        {
            int member = output / GroupOutputs % members;
            values.AsSpan(output * own, own).CopyTo(spread.AsSpan((output * members + member) * own));
        }

        return spread;
    }

    private float[] Read() => _read() is var values && values.LongLength == (long)Outputs * Inputs * Height * Width
        ? values
        : throw new InvalidOperationException($"{values.LongLength} weights were read instead of {this}.");

    /// <summary>The weights while they are packed.</summary>
    internal sealed class Source(ConvolutionWeights owner, float[] values)
    {
        /// <summary>One weight.</summary>
        public float this[int output, int input, int row, int column] =>
            Of(output, input)[row * owner.Width + column];

        /// <summary>The h·w weights of an output and an input.</summary>
        public ReadOnlySpan<float> Of(int output, int input)
        {
            int size = owner.Height * owner.Width;
            return values.AsSpan((output * owner.Inputs + input) * size, size);
        }
    }
}
