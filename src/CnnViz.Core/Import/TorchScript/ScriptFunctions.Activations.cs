namespace CnnViz.Import.TorchScript;

// Functions of single values.
internal static partial class ScriptFunctions
{
    private static readonly (string Function, string Type)[] s_single =
    [
        ("relu", "Relu"), ("sigmoid", "Sigmoid"), ("tanh", "Tanh"), ("exp", "Exp"), ("log", "Log"), ("sqrt", "Sqrt"), ("abs", "Abs"),
        ("reciprocal", "Reciprocal"), ("sign", "Sign"), ("sin", "Sin"), ("cos", "Cos"), ("erf", "Erf"), ("mish", "Mish"), ("silu", "Swish"),
        ("hardswish", "HardSwish"), ("softsign", "Softsign"), ("selu", "Selu"), ("logical_not", "Not"),
    ];

    private static Dictionary<string, Func<ScriptCall, object?>> Activations()
    {
        var table = new Dictionary<string, Func<ScriptCall, object?>>
        {
            ["relu6(input)"] = call => Clip(call, 0, 6),
            ["hardtanh(input, min_val=-1, max_val=1)"] = call => Clip(call, call.Number("min_val"), call.Number("max_val")),
            ["clamp(input, min=None, max=None)"] = call => Clip(call, Bound(call, "min"), Bound(call, "max")),
            ["clip(input, min=None, max=None)"] = call => Clip(call, Bound(call, "min"), Bound(call, "max")),
            ["clamp_min(input, min)"] = call => Clip(call, call.Number("min"), null),
            ["clamp_max(input, max)"] = call => Clip(call, null, call.Number("max")),
            ["leaky_relu(input, negative_slope=0.01)"] = call => Of(call, "LeakyRelu", ("alpha", (float)call.Number("negative_slope"))),
            ["rrelu(input, lower=0.125, upper=0.3333333333333333, training=False, generator=None)"] =
                call => Of(call, "LeakyRelu", ("alpha", (float)((call.Number("lower") + call.Number("upper")) / 2))),
            ["elu(input, alpha=1, scale=1, input_scale=1)"] = call => call.Number("scale") == 1 && call.Number("input_scale") == 1
                ? Of(call, "Elu", ("alpha", (float)call.Number("alpha")))
                : throw new NotTranslatedException("elu with factors"),
            ["celu(input, alpha=1)"] = call => Of(call, "Celu", ("alpha", (float)call.Number("alpha"))),
            ["gelu(input, approximate=\"none\")"] = call => call["approximate"] is "tanh"
                ? Of(call, "Gelu", ("approximate", "tanh"))
                : Of(call, "Gelu"),
            ["hardsigmoid(input)"] = call => Of(call, "HardSigmoid", ("alpha", 1f / 6), ("beta", 0.5f)),
            ["hardshrink(input, lambd=0.5)"] = call => Of(call, "Shrink", ("lambd", (float)call.Number("lambd")), ("bias", 0f)),
            ["softshrink(input, lambd=0.5)"] =
                call => Of(call, "Shrink", ("lambd", (float)call.Number("lambd")), ("bias", (float)call.Number("lambd"))),
            ["softplus(input, beta=1, threshold=20)"] = call => call.Number("beta") == 1
                ? Of(call, "Softplus")
                : call.Add("Div", [call.Add("Softplus", [Times(call, call.Number("beta"))]), (float)call.Number("beta")]),
            ["log_sigmoid(input)"] = call => call.Add("Neg", [call.Add("Softplus", [call.Add("Neg", [call.Tensor("input")])])]),
            ["threshold(input, threshold, value)"] = call => call.Number("value") == 0
                ? Of(call, "ThresholdedRelu", ("alpha", (float)call.Number("threshold")))
                : throw new NotTranslatedException("threshold with another value than 0"),
            ["rsqrt(input)"] = call => call.Add("Reciprocal", [call.Add("Sqrt", [call.Tensor("input")])]),
            ["square(input)"] = call => call.Add("Mul", [call.Tensor("input"), call.Tensor("input")]),
            ["expm1(input)"] = call => call.Add("Sub", [call.Add("Exp", [call.Tensor("input")]), 1f]),
            ["log1p(input)"] = call => call.Add("Log", [call.Add("Add", [call.Tensor("input"), 1f])]),
            ["prelu(input, weight)"] = PRelu,
            ["glu(input, dim=-1)"] = call =>
            {
                ScriptTensor input = call.Tensor("input");
                int axis = call.Axis("dim", input.Rank);
                long half = input.Shape[axis] / 2;
                return call.Add("Mul", [Part(call, input, axis, 0, half), call.Add("Sigmoid", [Part(call, input, axis, half, 2 * half)])]);
            },
            ["softmax(input, dim, dtype=None)"] = call => Of(call, "Softmax", ("axis", call.Long("dim"))),
            ["log_softmax(input, dim, dtype=None)"] = call => Of(call, "LogSoftmax", ("axis", call.Long("dim"))),
            ["dropout(input, p, train)"] = Unchanged,
            ["dropout2d(input, p, train)"] = Unchanged,
            ["feature_dropout(input, p, train)"] = Unchanged,
            ["alpha_dropout(input, p, train)"] = Unchanged,
            ["feature_alpha_dropout(input, p, train)"] = Unchanged,
        };
        foreach ((string function, string type) in s_single)
        {
            table.Add($"{function}(input)", call => call["input"] is ScriptTensor ? Of(call, type) : OfNumber(function, call.Number("input")));
        }

        return table;
    }

    private static ScriptTensor Of(ScriptCall call, string type, params (string Name, object Value)[] attributes) =>
        call.Add(type, [call.Tensor("input")], attributes);

    private static object? Unchanged(ScriptCall call) => call.Tensor("input").Alias();

    private static double? Bound(ScriptCall call, string name) => call[name] is null ? null : call.Number(name);

    private static ScriptTensor Clip(ScriptCall call, double? low, double? high) => call.Tensor("input") is { IsFloat: true } input
        ? call.Add("Clip", [input, low is null ? null : (float)low, high is null ? null : (float)high])
        : throw new NotTranslatedException("clamp of whole numbers");

    private static ScriptTensor Times(ScriptCall call, double factor) => call.Add("Mul", [call.Tensor("input"), (float)factor]);

    // One slope, or one for each channel.
    private static ScriptTensor PRelu(ScriptCall call)
    {
        ScriptTensor input = call.Tensor("input");
        TorchSharp.torch.Tensor slope = call.Constant("weight");
        long[] shape = [.. Enumerable.Repeat(1L, Math.Max(0, input.Rank - 2))];
        return call.Add("PRelu", [input, slope.numel() == 1 ? call.Tensor("weight") : ScriptTensor.Of(slope.reshape([-1, .. shape]))]);
    }
}
