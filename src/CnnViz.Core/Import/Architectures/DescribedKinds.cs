using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Architectures;

/// <summary>The kinds of layers that a <see cref="NetworkDescription"/> may have.</summary>
internal static class DescribedKinds
{
    private delegate Value Maker(TorchNetwork net, DescribedLayer layer, Value[] inputs);

    private static readonly Dictionary<string, Maker> s_makers = new(StringComparer.Ordinal)
    {
        ["conv"] = Conv,
        ["linear"] = (net, layer, inputs) => net.Linear(layer.Name, inputs[0], bias: net.Has($"{layer.Name}.bias")),
        ["batchnorm"] = (net, layer, inputs) => net.BatchNorm2d(layer.Name, inputs[0], layer.Number("epsilon", 1e-5)),
        ["layernorm"] = (net, layer, inputs) => net.LayerNorm2d(layer.Name, inputs[0], layer.Number("epsilon", 1e-5)),
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
        ["elu"] = (net, layer, inputs) => net.ELU(layer.Name, inputs[0], layer.Number("alpha", 1)),
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
        ["flatten"] = (net, layer, inputs) => net.Flatten(layer.Name, inputs[0]),
        ["pad"] = Pad,
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

    // Kernel, channels and groups are those of the weights.
    private static Value Conv(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        IReadOnlyList<long> shape = net.ShapeOf($"{layer.Name}.weight") is { Count: 4 } known ? known : [1, 1, 1, 1];
        Window window = Window(layer, new(shape[2], shape[3]), Extent.One);
        long groups = Math.Max(1, (inputs[0].Channels ?? shape[1]) / Math.Max(1, shape[1]));
        return net.Conv2d(layer.Name, inputs[0], null, window, groups, bias: net.Has($"{layer.Name}.bias"));
    }

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

    private static Value Pad(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        Extent padding = layer.Size("padding", null);
        return net.Pad(layer.Name, inputs[0], new(padding.Height, padding.Width, padding.Height, padding.Width));
    }

    private static Value Upsample(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        Extent scale = layer.Size("scale", null);
        return layer.Text("mode") switch
        {
            null or "nearest" => net.UpsampleNearest(layer.Name, inputs[0], scale.Height, scale.Width),
            "bilinear" => net.UpsampleBilinear(layer.Name, inputs[0], scale.Height, scale.Width),
            string mode => throw layer.Invalid($"has mode={mode}; there are nearest and bilinear"),
        };
    }
}
