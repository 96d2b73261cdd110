using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Networks.Operators;

/// <summary>
/// Fills the channels of a convolution up to whole blocks with zeros, which changes nothing but the arithmetic's safety: oneDNN works in
/// blocks of 16 channels, and that of libtorch 2.10 has been seen to leave the rest of the last block as the memory was, which then
/// counts in the output (AVX-512 and AVX2; kernels larger than 1×1). Gradients take the same way with inputs and outputs exchanged.
/// </summary>
internal sealed class ChannelBlocks
{
    private const long Block = 16;

    private readonly long _inputs;
    private readonly bool _transposed;

    private ChannelBlocks(long inputs, long outputs, bool transposed) => (_inputs, Outputs, _transposed) = (inputs, outputs, transposed);

    /// <summary>The output channels that are wanted.</summary>
    public long Outputs { get; }

    // Less than a block of inputs, such as colours, takes another way, which is sound.
    private long MissingInputs => _inputs < Block && !_transposed ? 0 : Missing(_inputs);

    private long MissingOutputs => Missing(Outputs);

    /// <summary>For a convolution.</summary>
    /// <param name="weight">O×I×h×w or, of a transposed one, I×O×h×w.</param>
    /// <param name="groups">Groups of channels; only a single one is worked in such blocks.</param>
    /// <param name="transposed">Whether it is a transposed one.</param>
    /// <returns>Null where nothing is missing.</returns>
    public static ChannelBlocks? For(torch.Tensor weight, long groups, bool transposed = false)
    {
        var blocks = new ChannelBlocks(weight.shape[transposed ? 0 : 1], weight.shape[transposed ? 1 : 0], transposed);
        bool isDense = groups == 1 && weight.shape[2] * weight.shape[3] > 1;
        return isDense && blocks.MissingInputs + blocks.MissingOutputs > 0 ? blocks : null;
    }

    /// <summary>The weight with the channels that are missing.</summary>
    public torch.Tensor FillWeight(torch.Tensor weight)
    {
        (long first, long second) = _transposed ? (MissingInputs, MissingOutputs) : (MissingOutputs, MissingInputs);
        return pad(weight, [0, 0, 0, 0, 0, second, 0, first]);
    }

    /// <summary>A bias, O values, with the channels that are missing.</summary>
    public torch.Tensor FillBias(torch.Tensor bias) => pad(bias, [0, MissingOutputs]);

    /// <summary>N×I×H×W with the channels that are missing.</summary>
    public torch.Tensor FillInput(torch.Tensor input) => MissingInputs == 0 ? input : pad(input, [0, 0, 0, 0, 0, MissingInputs]);

    /// <summary>N×O×H×W without those that were added.</summary>
    public torch.Tensor CutOutput(torch.Tensor output) => MissingOutputs == 0 ? output : output.narrow(1, 0, Outputs);

    /// <summary>A filled weight as it was; shares its storage.</summary>
    public torch.Tensor CutWeight(torch.Tensor weight) => _transposed
        ? weight.narrow(0, 0, _inputs).narrow(1, 0, Outputs)
        : weight.narrow(0, 0, Outputs).narrow(1, 0, _inputs);

    private static long Missing(long channels) => (Block - channels % Block) % Block;
}
