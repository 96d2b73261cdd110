using CnnViz.Networks.Operators;

namespace CnnViz.Import.Networks;

/// <summary>The layers that have weights.</summary>
internal static class WeightLayers
{
    /// <summary>Convolution with weights O×(C/groups)×h×w.</summary>
    public static Value Conv2d(
        this NetworkBuilder net, string name, Value input, Weight weight, Weight? bias, Window window, long groups = 1) =>
        net.Add(name, "Conv", [input, weight, bias], weight.Shape[0], attributes: [.. window.ToAttributes(), ("group", groups)]);

    /// <summary>Transposed convolution with weights C×(O/groups)×h×w.</summary>
    public static Value ConvTranspose2d(
        this NetworkBuilder net,
        string name,
        Value input,
        Weight weight,
        Weight? bias,
        Window window,
        CnnViz.Networks.Extent outputPadding = default,
        long groups = 1) => net.Add(
            name,
            "ConvTranspose",
            [input, weight, bias],
            weight.Shape[1] * groups,
            attributes: [.. window.ToAttributes(), ("output_padding", outputPadding.ToArray()), ("group", groups)]);

    /// <summary>Batch normalization with the statistics of training.</summary>
    public static Value BatchNorm2d(
        this NetworkBuilder net, string name, Value input, Weight weight, Weight bias, Weight mean, Weight variance, double epsilon) =>
        net.Add(
            name, "BatchNormalization", [input, weight, bias, mean, variance], attributes: [("epsilon", (float)epsilon)]);

    /// <summary>Normalization over the channels of each position of N×C×H×W.</summary>
    public static Value LayerNorm2d(this NetworkBuilder net, string name, Value input, Weight weight, Weight? bias, double epsilon) =>
        net.Add(
            name,
            ChannelLayerNorm.DefinitionType,
            [input, weight, bias],
            make: node =>
            {
                node.Operand(0);
                return new ChannelLayerNorm(node.Weight(1), node.OptionalWeight(2), epsilon);
            },
            attributes: [("epsilon", (float)epsilon)]);

    /// <summary>Normalization of each channel of each image by its own mean and variance.</summary>
    public static Value InstanceNorm2d(
        this NetworkBuilder net, string name, Value input, Weight weight, Weight bias, double epsilon) =>
        net.Add(name, "InstanceNormalization", [input, weight, bias], attributes: [("epsilon", (float)epsilon)]);

    /// <summary>Normalization of groups of channels of each image; weight and bias have a value for each channel.</summary>
    public static Value GroupNorm(
        this NetworkBuilder net, string name, Value input, Weight weight, Weight bias, long groups, double epsilon) => net.Add(
            name,
            "GroupNormalization",
            [input, weight, bias],
            attributes: [("epsilon", (float)epsilon), ("num_groups", groups)]);

    /// <summary>A factor for each channel, C×1×1.</summary>
    public static Value Scale(this NetworkBuilder net, string name, Value input, Weight weight) => net.Add(
        name,
        "Mul",
        [input, weight],
        make: node =>
        {
            node.Operand(0);
            return new ChannelScale(node.Weight(1));
        });

    /// <summary>A dense layer with weights units×inputs, of N×C.</summary>
    public static Value Linear(this NetworkBuilder net, string name, Value input, Weight weight, Weight? bias) =>
        net.Add(name, "Gemm", [input, weight, bias], weight.Shape[0], attributes: [("transB", 1L)]);

    /// <summary>Leaky ReLU with a slope per channel, C×1×1.</summary>
    public static Value PReLU(this NetworkBuilder net, string name, Value input, Weight slope) =>
        net.Add(name, "PRelu", [input, slope]);
}
