using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;
using TorchModule = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace CnnViz.Networks.Modules;

/// <summary>What a module's convolution should give, where its own arithmetic cannot be trusted (<see cref="ChannelBlocks"/>).</summary>
internal static class SoundConvolution
{
    /// <summary>Computes a convolution in whole blocks of channels.</summary>
    /// <param name="module">Any module.</param>
    /// <param name="input">N×C×H×W.</param>
    /// <returns>Null where the module is no such convolution, or its own result is sound.</returns>
    public static torch.Tensor? TryRun(TorchModule module, torch.Tensor input)
    {
        if (module is not TorchSharp.Modules.Convolution { kernel_size.Length: 2, padding_mode: PaddingModes.Zeros } convolution
            || input.dim() != 4
            || ChannelBlocks.For(convolution.weight, convolution.groups, convolution.transposed) is not { } blocks)
        {
            return null;
        }

        torch.Tensor filled = blocks.FillInput(input);
        torch.Tensor weight = blocks.FillWeight(convolution.weight);
        torch.Tensor? bias = convolution.bias is { } own ? blocks.FillBias(own) : null;
        (long[] stride, long[] dilation) = (convolution.stride, convolution.dilation);
        torch.Tensor output =
            convolution.transposed
                ? conv_transpose2d(filled, weight, bias, stride, convolution.padding, convolution.output_padding, dilation)
            : convolution.padding_type is { } padding
                ? conv2d_padding(filled, weight, bias, stride, padding, dilation)
            : conv2d(filled, weight, bias, stride, convolution.padding, dilation);
        return blocks.CutOutput(output);
    }
}
