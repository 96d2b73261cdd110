using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Architectures;

// The kinds with weights that need more than one call.
internal static partial class DescribedKinds
{
    // Kernel, channels and groups are those of the weights.
    private static Value Conv(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        IReadOnlyList<long> shape = KernelOf(net, layer);
        Window window = Window(layer, new(shape[2], shape[3]), Extent.One);
        long groups = Math.Max(1, (inputs[0].Channels ?? shape[1]) / Math.Max(1, shape[1]));
        Value input = inputs[0];
        if (PadMode(layer, "padding_mode") is var mode and not "constant")
        {
            if (window.Rule != PaddingRule.Explicit)
            {
                throw layer.Invalid("has padding=same and a padding_mode; give the padding as a number");
            }

            input = net.Pad($"{layer.Name}.pad", input, window.Padding, mode);
            window = window with { Padding = default };
        }

        return net.Conv2d(layer.Name, input, null, window, groups, bias: net.Has($"{layer.Name}.bias"));
    }

    // The weights do not tell groups here.
    private static Value ConvTranspose(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        IReadOnlyList<long> shape = KernelOf(net, layer);
        Extent outputPadding = layer.Size("output_padding", default(Extent));
        long groups = Math.Max(1, layer.Whole("groups", 1));
        return net.ConvTranspose2d(layer.Name, inputs[0], Window(layer, new(shape[2], shape[3]), Extent.One), outputPadding, groups);
    }

    private static Value GroupNorm(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        long groups = layer.Whole("groups", 0);
        return groups > 0
            ? net.GroupNorm(layer.Name, inputs[0], groups, layer.OptionalNumber("epsilon"))
            : throw layer.Invalid("needs groups=");
    }

    private static IReadOnlyList<long> KernelOf(TorchNetwork net, DescribedLayer layer) =>
        net.ShapeOf($"{layer.Name}.weight") is { Count: 4 } known ? known : [1, 1, 1, 1];
}
