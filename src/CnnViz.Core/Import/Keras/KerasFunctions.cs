using System.Text.Json;
using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;

namespace CnnViz.Import.Keras;

/// <summary>The activation functions of Keras by name.</summary>
internal static class KerasFunctions
{
    /// <summary>The function that does nothing.</summary>
    public const string Linear = "linear";

    private static readonly Dictionary<string, Activation> s_functions = new(StringComparer.Ordinal)
    {
        ["relu"] = ActivationLayers.ReLU,
        ["relu6"] = ActivationLayers.ReLU6,
        ["leaky_relu"] = (net, name, x) => net.LeakyReLU(name, x, 0.2),
        ["elu"] = (net, name, x) => net.ELU(name, x),
        ["celu"] = (net, name, x) => net.Add(name, "Celu", [x]),
        ["selu"] = ActivationLayers.SELU,
        ["gelu"] = ActivationLayers.GELU,
        ["swish"] = ActivationLayers.SiLU,
        ["silu"] = ActivationLayers.SiLU,
        ["mish"] = (net, name, x) => net.Add(name, "Mish", [x]),
        ["hard_swish"] = ActivationLayers.Hardswish,
        ["hard_silu"] = ActivationLayers.Hardswish,
        ["sigmoid"] = ActivationLayers.Sigmoid,
        ["tanh"] = ActivationLayers.Tanh,
        ["softplus"] = ActivationLayers.Softplus,
        ["softsign"] = ActivationLayers.Softsign,
        ["exponential"] = ActivationLayers.Exponential,
        ["hard_tanh"] = (net, name, x) => net.Clip(name, x, -1, 1),
        ["log_sigmoid"] = (net, name, x) =>
            net.Add(name, "Neg", [net.Softplus($"{name}/softplus", net.Add($"{name}/neg", "Neg", [x]))]),
        ["soft_shrink"] = (net, name, x) => net.Add(name, "Shrink", [x], attributes: [("lambd", 0.5f), ("bias", 0.5f)]),
        ["hard_shrink"] = (net, name, x) => net.Add(name, "Shrink", [x], attributes: [("lambd", 0.5f)]),
    };

    /// <summary>Whether there is a function of that name.</summary>
    public static bool Has(string name) => name is "softmax" or "log_softmax" or "hard_sigmoid" || s_functions.ContainsKey(name);

    /// <summary>The name of a function: a word, or in an object of Keras 3.</summary>
    public static string NameOf(JsonElement function)
    {
        if (function.ValueKind == JsonValueKind.String)
        {
            return function.GetString()!;
        }

        var settings = new KerasSettings(function);
        return settings.Text("config") ?? settings.Text("class_name") ?? throw new FormatException("its activation has no name");
    }

    /// <summary>Adds the node of a function as settings have it: a name, an object with one, or a whole layer.</summary>
    /// <param name="call">The layer.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it is applied to.</param>
    /// <param name="function">The function.</param>
    public static KerasValue Apply(KerasLayerCall call, string name, KerasValue input, JsonElement function) =>
        function.ValueKind == JsonValueKind.Object && KerasLayers.Find(NameOf(function)) is { } make
            ? make(new KerasLayerCall(
                call.Net,
                call.Dialect,
                name,
                call.Layer with { Settings = new KerasSettings(function.GetProperty("config")) },
                KerasSettings.None,
                [new KerasOperand(input, [])],
                []))
            : Apply(call, name, input, NameOf(function));

    /// <summary>Adds the node of a function by its name.</summary>
    public static KerasValue Apply(KerasLayerCall call, string name, KerasValue input, string function) =>
        function switch
        {
            Linear => input,
            "softmax" => Softmax(call, name, input, "Softmax", -1),
            "log_softmax" => Softmax(call, name, input, "LogSoftmax", -1),
            "hard_sigmoid" => input with { Value = HardSigmoid(call, name, input.Value) },
            _ when s_functions.TryGetValue(function, out Activation? add) => input with { Value = add(call.Net, name, input.Value) },
            _ => throw new UnsupportedUseException($"with activation = {function}"),
        };

    /// <summary>Adds a softmax, or its logarithm.</summary>
    /// <param name="call">The layer.</param>
    /// <param name="name">Name of the node.</param>
    /// <param name="input">What it is applied to.</param>
    /// <param name="type">Name of the ONNX operator.</param>
    /// <param name="axis">The axis, as Keras counts.</param>
    public static KerasValue Softmax(KerasLayerCall call, string name, KerasValue input, string type, long axis) => input with
    {
        Value = call.Net.Add(name, type, [input.Value], attributes: [("axis", call.AxisHere(axis, input.Rank))]),
    };

    // Keras 3 took over PyTorch's slope.
    private static Value HardSigmoid(KerasLayerCall call, string name, Value x) =>
        call.Dialect.Version >= 3 ? call.Net.Hardsigmoid(name, x) : call.Net.Hardsigmoid(name, x, 0.2);
}
