using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Architectures;

/// <summary>The kinds of layers that a <see cref="NetworkDescription"/> may have.</summary>
internal static partial class DescribedKinds
{
    private delegate Value Maker(TorchNetwork net, DescribedLayer layer, Value[] inputs);

    private static readonly Dictionary<string, Maker> s_makers = new(StringComparer.Ordinal)
    {
        ["conv"] = Conv,
        ["linear"] = (net, layer, inputs) => net.Linear(layer.Name, inputs[0], bias: net.Has($"{layer.Name}.bias")),
        ["convtranspose"] = ConvTranspose,
        ["batchnorm"] = (net, layer, inputs) => net.BatchNorm2d(layer.Name, inputs[0], layer.OptionalNumber("epsilon")),
        ["layernorm"] = (net, layer, inputs) => net.LayerNorm2d(layer.Name, inputs[0], layer.OptionalNumber("epsilon")),
        ["instancenorm"] = (net, layer, inputs) => net.InstanceNorm2d(layer.Name, inputs[0], layer.OptionalNumber("epsilon")),
        ["groupnorm"] = GroupNorm,
        ["maxpool"] = (net, layer, inputs) => net.MaxPool2d(layer.Name, inputs[0], PoolWindow(layer), layer.Flag("ceil")),
        ["avgpool"] = (net, layer, inputs) =>
            net.AvgPool2d(layer.Name, inputs[0], PoolWindow(layer), layer.Flag("count_padding"), layer.Flag("ceil")),
        ["adaptiveavgpool"] = (net, layer, inputs) =>
            layer.Size("size", null) is { Height: > 0, Width: > 0 } size
                ? net.AdaptiveAvgPool2d(layer.Name, inputs[0], size.Height, size.Width)
                : throw layer.Invalid("has a size of 0"),
        ["globalavgpool"] = (net, layer, inputs) => net.GlobalAvgPool2d(layer.Name, inputs[0]),
        ["globalmaxpool"] = (net, layer, inputs) => net.GlobalMaxPool2d(layer.Name, inputs[0]),
        ["relu"] = Of(ActivationLayers.ReLU),
        ["relu6"] = Of(ActivationLayers.ReLU6),
        ["leakyrelu"] = (net, layer, inputs) => net.LeakyReLU(layer.Name, inputs[0], layer.Number("slope", 0.01)),
        ["prelu"] = (net, layer, inputs) => net.PReLU(layer.Name, inputs[0]),
        ["elu"] = (net, layer, inputs) => net.ELU(layer.Name, inputs[0], layer.Number("alpha", 1)),
        ["mish"] = Of((net, name, input) => net.Add(name, "Mish", [input])),
        ["softplus"] = Of(ActivationLayers.Softplus),
        ["softsign"] = Of(ActivationLayers.Softsign),
        ["selu"] = Of(ActivationLayers.SELU),
        ["silu"] = Of(ActivationLayers.SiLU),
        ["gelu"] = Of(ActivationLayers.GELU),
        ["hardswish"] = Of(ActivationLayers.Hardswish),
        ["hardsigmoid"] = Of(ActivationLayers.Hardsigmoid),
        ["sigmoid"] = Of(ActivationLayers.Sigmoid),
        ["tanh"] = Of(ActivationLayers.Tanh),
        ["softmax"] = Of(ActivationLayers.Softmax),
        ["logsoftmax"] = Of(ActivationLayers.LogSoftmax),
        ["add"] = (net, layer, inputs) => Fold(layer, inputs, (a, b) => net.Add(layer.Name, a, b)),
        ["mul"] = (net, layer, inputs) => Fold(layer, inputs, (a, b) => net.Mul(layer.Name, a, b)),
        ["concat"] = (net, layer, inputs) => net.Concat(layer.Name, inputs),
        ["flatten"] = (net, layer, inputs) => net.FlattenInOrder(layer.Name, inputs[0]),
        ["lrn"] = LocalResponseNorm,
        ["dropout"] = (_, _, inputs) => inputs[0],
        ["identity"] = (_, _, inputs) => inputs[0],
        ["pad"] = Pad,
        ["pixelshuffle"] = PixelShuffle,
        ["upsample"] = Upsample,
    };

    /// <summary>Adds a layer.</summary>
    /// <exception cref="CnnVizException">Its kind is not known, or an option is wrong.</exception>
    public static Value Add(TorchNetwork net, DescribedLayer layer, Value[] inputs) => s_makers.TryGetValue(layer.Kind, out Maker? make)
        ? make(net, layer, inputs)
        : throw layer.Invalid($"is of the kind '{layer.Kind}'; there are {string.Join(", ", s_makers.Keys)}");

    private static Maker Of(Activation activation) => (net, layer, inputs) => activation(net, layer.Name, inputs[0]);

    private static Value Fold(DescribedLayer layer, Value[] inputs, Func<Value, Value, Value> join) => inputs.Length > 1
        ? inputs.Aggregate(join)
        : throw layer.Invalid("needs from=, with the names of two lines");

    private static Window PoolWindow(DescribedLayer layer)
    {
        Extent kernel = layer.Size("kernel", null);
        return Window(layer, kernel, kernel);
    }

    private static Window Window(DescribedLayer layer, Extent kernel, Extent usualStride)
    {
        Extent stride = layer.Size("stride", usualStride);
        Extent dilation = layer.Size("dilation", Extent.One);
        return layer.Text("padding") == "same"
            ? Windows.Of(kernel, stride, default, dilation) with { Rule = PaddingRule.SameUpper }
            : Windows.Of(kernel, stride, layer.Size("padding", default(Extent)), dilation);
    }
}
