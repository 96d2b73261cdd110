namespace CnnViz.Import.Networks;

/// <summary>Adds an activation function.</summary>
/// <param name="net">The network.</param>
/// <param name="name">The activation's name.</param>
/// <param name="input">What it is applied to.</param>
internal delegate Value Activation(NetworkBuilder net, string name, Value input);

/// <summary>The activation functions.</summary>
internal static class ActivationLayers
{
    public static Value ReLU(this NetworkBuilder net, string name, Value input) => net.Add(name, "Relu", [input]);

    public static Value ReLU6(this NetworkBuilder net, string name, Value input) => net.Clip(name, input, 0, 6);

    /// <summary>Cuts off what lies outside a range.</summary>
    public static Value Clip(this NetworkBuilder net, string name, Value input, float low, float high) =>
        net.Add(name, "Clip", [input, low, high]);

    /// <summary>x, or x · slope where x is below zero.</summary>
    public static Value LeakyReLU(this NetworkBuilder net, string name, Value input, double slope) =>
        net.Add(name, "LeakyRelu", [input], attributes: [("alpha", (float)slope)]);

    /// <summary>x, or alpha · (eˣ − 1) where x is below zero.</summary>
    public static Value ELU(this NetworkBuilder net, string name, Value input, double alpha = 1) =>
        net.Add(name, "Elu", [input], attributes: [("alpha", (float)alpha)]);

    public static Value SELU(this NetworkBuilder net, string name, Value input) => net.Add(name, "Selu", [input]);

    /// <summary>x · sigmoid(x).</summary>
    public static Value SiLU(this NetworkBuilder net, string name, Value input) => net.Add(name, "Swish", [input]);

    /// <summary>x · Φ(x), exactly.</summary>
    public static Value GELU(this NetworkBuilder net, string name, Value input) => net.Add(name, "Gelu", [input]);

    /// <summary>GELU with tanh in place of the error function.</summary>
    public static Value TanhGELU(this NetworkBuilder net, string name, Value input) =>
        net.Add(name, "Gelu", [input], attributes: [("approximate", "tanh")]);

    public static Value Hardswish(this NetworkBuilder net, string name, Value input) => net.Add(name, "HardSwish", [input]);

    /// <summary>x · slope + offset, cut off at 0 and 1. PyTorch's slope is 1/6, that of older Keras 0.2.</summary>
    public static Value Hardsigmoid(this NetworkBuilder net, string name, Value input, double slope, double offset = 0.5) =>
        net.Add(name, "HardSigmoid", [input], attributes: [("alpha", (float)slope), ("beta", (float)offset)]);

    /// <summary>PyTorch's: x / 6 + 1/2, cut off at 0 and 1.</summary>
    public static Value Hardsigmoid(this NetworkBuilder net, string name, Value input) => net.Hardsigmoid(name, input, 1.0 / 6);

    public static Value Sigmoid(this NetworkBuilder net, string name, Value input) => net.Add(name, "Sigmoid", [input]);

    public static Value Tanh(this NetworkBuilder net, string name, Value input) => net.Add(name, "Tanh", [input]);

    public static Value Softplus(this NetworkBuilder net, string name, Value input) => net.Add(name, "Softplus", [input]);

    public static Value Softsign(this NetworkBuilder net, string name, Value input) => net.Add(name, "Softsign", [input]);

    public static Value Exponential(this NetworkBuilder net, string name, Value input) => net.Add(name, "Exp", [input]);

    /// <summary>Softmax over the channels.</summary>
    public static Value Softmax(this NetworkBuilder net, string name, Value input) =>
        net.Add(name, "Softmax", [input], attributes: [("axis", 1L)]);

    /// <summary>The logarithm of <see cref="Softmax"/>.</summary>
    public static Value LogSoftmax(this NetworkBuilder net, string name, Value input) =>
        net.Add(name, "LogSoftmax", [input], attributes: [("axis", 1L)]);
}
