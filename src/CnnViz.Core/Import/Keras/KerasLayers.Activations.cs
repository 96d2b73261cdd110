using CnnViz.Import.Networks;

namespace CnnViz.Import.Keras;

// The layers that are activation functions; functions by name are in KerasFunctions.
internal static partial class KerasLayers
{
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Activations() => new()
    {
        ["Activation"] = call => call.Settings.Find("activation") is { } activation
            ? KerasFunctions.Apply(call, call.Name, call.Input, activation)
            : call.Input,
        ["ReLU"] = MakeReLU,
        ["LeakyReLU"] = call => Pointwise(call, x => call.Net.LeakyReLU(call.Name, x, call.Settings.Number("negative_slope", 0.3))),
        ["ELU"] = call => Pointwise(call, x => call.Net.ELU(call.Name, x, call.Settings.Number("alpha", 1))),
        ["ThresholdedReLU"] = call => Pointwise(call, x => Threshold(call, call.Name, x, call.Settings.Number("theta", 1))),
        ["PReLU"] = MakePReLU,
        ["Softmax"] = call =>
        {
            long axis = call.Settings.Wholes("axis") is [var given] ? given : -1;
            return KerasFunctions.Softmax(call, call.Name, call.Input, "Softmax", axis);
        },
    };

    /// <summary>Adds a layer's built-in activation as a node of its own.</summary>
    private static KerasValue Activate(this KerasLayerCall call, KerasValue value) =>
        call.Settings.Find("activation") is { } activation && KerasFunctions.NameOf(activation) is var name and not KerasFunctions.Linear
            ? KerasFunctions.Apply(call, $"{call.Name}/{name.ToLowerInvariant()}", value, activation)
            : value;

    private static KerasValue Pointwise(KerasLayerCall call, Func<Value, Value> make) => call.Input with { Value = make(call.Input.Value) };

    // f(x) = max_value above it, x above the threshold, and negative_slope · (x − threshold) below.
    private static KerasValue MakeReLU(KerasLayerCall call)
    {
        double slope = call.Settings.Number("negative_slope", 0);
        double threshold = call.Settings.Number("threshold", 0);
        double? most = call.Settings.Number("max_value");
        return Pointwise(call, x => (slope, threshold, most) switch
        {
            (0, 0, null) => call.Net.ReLU(call.Name, x),
            (0, 0, { } high) => call.Net.Clip(call.Name, x, 0, (float)high),
            (_, 0, null) => call.Net.LeakyReLU(call.Name, x, slope),
            (0, _, null) => Threshold(call, call.Name, x, threshold),
            _ => General(call, x, slope, threshold, most),
        });
    }

    private static Value General(KerasLayerCall call, Value x, double slope, double threshold, double? most)
    {
        (NetworkBuilder net, string name) = (call.Net, call.Name);
        Value above = Threshold(call, $"{name}/above", x, threshold);
        Value shifted = net.Add($"{name}/shifted", "Sub", [x, (float)threshold]);
        Value below = net.Clip($"{name}/below", shifted, float.NegativeInfinity, 0);
        Value leak = net.Add($"{name}/leak", "Mul", [below, (float)slope]);
        Value sum = net.Add(most is null ? name : $"{name}/sum", above, leak);
        return most is { } high ? net.Clip(name, sum, float.NegativeInfinity, (float)high) : sum;
    }

    private static Value Threshold(KerasLayerCall call, string name, Value x, double threshold) =>
        call.Net.Add(name, "ThresholdedRelu", [x], attributes: [("alpha", (float)threshold)]);

    // The slopes are of the value's shape, or of size one along the dimensions that share them.
    private static KerasValue MakePReLU(KerasLayerCall call)
    {
        Weight slope = call.NextWeight("alpha", call.Input.Rank switch { KerasRank.Map => 3, KerasRank.Vector => 1, _ => 2 });
        Weight ours = call.Input.Rank switch
        {
            KerasRank.Map when !call.Dialect.ChannelsFirst => slope.Permute(2, 0, 1),
            KerasRank.Vector => slope.ToOurRows(call.Input.MapChannels),
            _ => slope,
        };
        return Pointwise(call, x => call.Net.PReLU(call.Name, x, ours));
    }
}
