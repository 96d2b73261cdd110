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
            operand.Value is null ? (float)operand.Number : (NodeInput)values.Dequeue().Value)];
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

    private static KerasValue MakeFunction(KerasLayerCall call)
    {
        string function = call.Settings.Text("function") ?? string.Empty;
        return s_arithmetic.TryGetValue(function, out string? type) ? Merge(call, type)
            : function == "concat" ? Concatenate(call)
            : KerasFunctions.Has(function.Split('.')[^1]) ? KerasFunctions.Apply(call, call.Name, call.Input, function.Split('.')[^1])
            : throw Unsupported("function", function);
    }

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
