using System.Collections.Concurrent;

namespace CnnViz.Models.Kernels;

/// <summary>A convolution's weights, packed for each of the products that have been asked for.</summary>
/// <param name="Values">O×I×h×w, where I counts the inputs of one group.</param>
/// <param name="Bias">O values; null for none.</param>
/// <param name="Outputs">O.</param>
/// <param name="Inputs">I.</param>
/// <param name="Kernel">h×w.</param>
/// <param name="Groups">Groups of channels.</param>
internal sealed record ConvolutionWeights(float[] Values, float[]? Bias, int Outputs, int Inputs, Extent Kernel, int Groups)
{
    private readonly ConcurrentDictionary<string, PackedWeights> _packed = new();

    /// <summary>Filters of one group.</summary>
    public int GroupOutputs => Outputs / Groups;

    /// <summary>One weight.</summary>
    public float this[int output, int input, int row, int column] =>
        Values[((output * Inputs + input) * Kernel.Height + row) * Kernel.Width + column];

    /// <summary>Weights in the order of a product, made the first time.</summary>
    /// <param name="key">What tells the product from the others of this convolution.</param>
    /// <param name="pack">Makes them.</param>
    public PackedWeights Pack(string key, Func<ConvolutionWeights, PackedWeights> pack) => _packed.GetOrAdd(key, _ => pack(this));
}
