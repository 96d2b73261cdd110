using System.Text.Json;
using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;

namespace CnnViz.Import.Keras;

// What makes one value of several.
internal static partial class KerasLayers
{
    // The modes of the layer Merge of Keras 1.
    private static readonly Dictionary<string, string> s_mergeModes = new(StringComparer.Ordinal)
    {
        ["sum"] = "Add",
        ["mul"] = "Mul",
        ["ave"] = "Mean",
        ["max"] = "Max",
    };

    // What TensorFlow's functions and Keras's operations are called.
    private static readonly Dictionary<string, string> s_arithmetic = new(StringComparer.Ordinal)
    {
        ["__operators__.add"] = "Add",
        ["math.add"] = "Add",
        ["math.subtract"] = "Sub",
        ["math.multiply"] = "Mul",
        ["math.truediv"] = "Div",
        ["math.divide"] = "Div",
        ["math.maximum"] = "Max",
        ["math.minimum"] = "Min",
        ["nn.bias_add"] = "Add",
    };

    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Merges() => new()
    {
        ["Add"] = call => Merge(call, "Add"),
        ["Subtract"] = call => Merge(call, "Sub"),
        ["Multiply"] = call => Merge(call, "Mul"),
        ["Average"] = call => Merge(call, "Mean"),
        ["Maximum"] = call => Merge(call, "Max"),
        ["Minimum"] = call => Merge(call, "Min"),
        ["TrueDivide"] = call => Merge(call, "Div"),
        ["Divide"] = call => Merge(call, "Div"),
        ["Concatenate"] = Concatenate,
        ["TFOpLambda"] = MakeFunction,
        ["SlicingOpLambda"] = ReverseChannels,
        ["GetItem"] = ReverseChannels,
        ["Merge"] = call => (call.Settings.Text("mode") ?? "sum") switch
        {
            "concat" => Concatenate(call),
            string mode when s_mergeModes.TryGetValue(mode, out string? type) => Merge(call, type),
            string mode => throw Unsupported("mode", mode),
        },
    };

    private static KerasValue Merge(KerasLayerCall call, string type)
    {
        var values = new Queue<KerasValue>(Align(call));
        KerasValue largest = values.MaxBy(value => value.Value.Channels ?? 0);
        NodeInput[] inputs = [.. call.Operands.Select(operand =>
            operand.Value is null ? Constant(operand.Numbers, largest) : (NodeInput)values.Dequeue().Value)];
        if (type is "Mean" or "Max" or "Min")
        {
            return largest with { Value = call.Net.Add(call.Name, type, inputs, largest.Value.Channels) };
        }

        NodeInput result = inputs[0];
        for (int i = 1; i < inputs.Length; i++)
        {
            string name = i == inputs.Length - 1 ? call.Name : $"{call.Name}/{i}";
            result = call.Net.Add(name, type, [result, inputs[i]], largest.Value.Channels);
        }

        return largest with { Value = result.Value!.Value };
    }

    private static NodeInput Constant(double[] numbers, KerasValue beside) => numbers switch
    {
        [var one] => (float)one,
        _ when numbers.Length == beside.Value.Channels && beside.MapChannels is null => beside.Rank == KerasRank.Map
            ? ToWeight(numbers).Reshape(numbers.Length, 1, 1)
            : ToWeight(numbers),
        _ => throw new UnsupportedUseException($"with a constant of {numbers.Length} numbers"),
    };

    private static KerasValue MakeFunction(KerasLayerCall call)
    {
        string function = call.Settings.Text("function") ?? string.Empty;
        return s_arithmetic.TryGetValue(function, out string? type) ? Merge(call, type)
            : function == "concat" ? Concatenate(call)
            : function == "cast" ? call.Input
            : KerasFunctions.Has(function.Split('.')[^1]) ? KerasFunctions.Apply(call, call.Name, call.Input, function.Split('.')[^1])
            : throw Unsupported("function", function);
    }

    // x[..., ::-1]: blue, green, red instead of red, green, blue.
    private static KerasValue ReverseChannels(KerasLayerCall call)
    {
        bool isReversal = (call.Keywords.Find("slice_spec") ?? call.Keywords.Find("key")) is { ValueKind: JsonValueKind.Array } slices
            && slices.GetArrayLength() == 2
            && IsEllipsis(slices[0])
            && IsReversal(slices[1]);
        return isReversal && call.Map.Channels is { } channels && !call.Dialect.ChannelsFirst
            ? KerasValue.Map(call.Net.ReverseChannels(call.Name, call.Map, channels))
            : throw new UnsupportedUseException("that takes a part");
    }

    private static bool IsEllipsis(JsonElement slice) =>
        slice.ValueKind == JsonValueKind.Object && new KerasSettings(slice).Text("class_name") == "__ellipsis__";

    // Keras 3 wraps slices up.
    private static bool IsReversal(JsonElement slice) => slice.ValueKind == JsonValueKind.Object
        && (slice.TryGetProperty("config", out JsonElement inner) ? new KerasSettings(inner) : new KerasSettings(slice)) is var settings
        && settings.Find("start") is null
        && settings.Find("stop") is null
        && settings.Number("step") == -1;

    private static KerasValue Concatenate(KerasLayerCall call)
    {
        long axis = (call.Settings.Wholes("axis") ?? call.Keywords.Wholes("axis")) is [var given] ? given : -1;
        if (call.Inputs.Any(input => input.Rank != call.Input.Rank))
        {
            throw new UnsupportedUseException("of values of different dimensions");
        }

        long along = call.AxisHere(axis, call.Input.Rank);
        Value[] values = [.. call.Inputs.Select(input => call.Plain(input))];
        Value joined = call.Input.Rank == KerasRank.Sequence || along != 1
            ? call.Net.Add(call.Name, "Concat", [.. values.Select(value => (NodeInput)value)], attributes: [("axis", along)])
            : call.Net.Concat(call.Name, values);
        return new KerasValue(joined, call.Input.Rank);
    }

    // A vector beside maps has a value for each channel; flattened maps beside others have Keras's order.
    private static KerasValue[] Align(KerasLayerCall call)
    {
        IReadOnlyList<KerasValue> inputs = call.Inputs;
        bool isSame = inputs.All(input => input.Rank == call.Input.Rank && input.MapChannels == call.Input.MapChannels);
        if (isSame)
        {
            return [.. inputs];
        }

        bool hasMap = inputs.Any(input => input.Rank == KerasRank.Map);
        if (inputs.Any(input => input.Rank == KerasRank.Sequence) || (hasMap && call.Dialect.ChannelsFirst))
        {
            throw new UnsupportedUseException("of values of different dimensions");
        }

        return [.. inputs.Select(input => input.Rank == KerasRank.Map ? input
            : hasMap ? ToPixel(call, input)
            : KerasValue.Vector(call.Plain(input)))];
    }

    private static KerasValue ToPixel(KerasLayerCall call, KerasValue vector)
    {
        Value pixel = call.Net.Reshape($"{call.Name}/pixel", call.Plain(vector), 0, 0, 1, 1);
        return KerasValue.Map(pixel with { Channels = vector.Value.Channels });
    }
}
