using System.Collections.Concurrent;
using CnnViz.Networks;

namespace CnnViz.Kernels;

/// <summary>A convolution's weights, packed for each of the products that have been asked for.</summary>
internal sealed class ConvolutionWeights
{
    private readonly Func<float[]> _read;
    private readonly ConcurrentDictionary<string, Lazy<PackedWeights>> _packed = new();

    /// <param name="read">Reads the weights, O×I×h×w.</param>
    /// <param name="bias">O values; null for none.</param>
    /// <param name="outputs">O.</param>
    /// <param name="inputs">I, which counts the inputs of one group.</param>
    /// <param name="kernel">h×w.</param>
    /// <param name="groups">Groups of channels.</param>
    public ConvolutionWeights(Func<float[]> read, float[]? bias, int outputs, int inputs, Extent kernel, int groups)
    {
        (_read, Outputs, Inputs, Kernel, Groups) = (read, outputs, inputs, kernel, groups);

        // Whole vectors can be read from any channel on.
        Bias = new float[outputs + RegisterTile.MostVectors * Lanes.Count];
        bias?.CopyTo(Bias, 0);
    }

    /// <summary>O values, and zeros.</summary>
    public float[] Bias { get; }

    /// <summary>Filters.</summary>
    public int Outputs { get; }

    /// <summary>Inputs of one group.</summary>
    public int Inputs { get; }

    public Extent Kernel { get; }

    public int Groups { get; }

    /// <summary>Filters of one group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>Weights in the order of a product, made the first time.</summary>
    /// <param name="key">What tells the product from the others of this convolution.</param>
    /// <param name="pack">Makes them.</param>
    public PackedWeights Pack(string key, Func<Source, PackedWeights> pack) =>
        _packed.GetOrAdd(key, _ => new Lazy<PackedWeights>(() => pack(new Source(this, _read())))).Value;

    /// <summary>The weights while they are packed.</summary>
    public sealed class Source(ConvolutionWeights owner, float[] values)
    {
        /// <summary>One weight.</summary>
        public float this[int output, int input, int row, int column] =>
            Of(output, input)[row * (int)owner.Kernel.Width + column];

        /// <summary>The h·w weights of an output and an input.</summary>
        public ReadOnlySpan<float> Of(int output, int input)
        {
            int size = (int)(owner.Kernel.Height * owner.Kernel.Width);
            return values.AsSpan((output * owner.Inputs + input) * size, size);
        }
    }
}
