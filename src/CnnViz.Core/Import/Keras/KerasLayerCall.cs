using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;

namespace CnnViz.Import.Keras;

/// <summary>One application of a layer while its nodes are made: its settings, what goes in, and its weights one after another.</summary>
internal sealed class KerasLayerCall(
    NetworkBuilder net,
    KerasDialect dialect,
    string name,
    KerasLayer layer,
    KerasSettings keywords,
    IReadOnlyList<KerasOperand> operands,
    IReadOnlyList<Weight> weights)
{
    private int _taken;

    public NetworkBuilder Net => net;

    public KerasDialect Dialect => dialect;

    /// <summary>The layer's name in the graph.</summary>
    public string Name => name;

    public KerasSettings Settings => layer.Settings;

    /// <summary>The layer as the file has it.</summary>
    public KerasLayer Layer => layer;

    /// <summary>Its weights as the file has them.</summary>
    public IReadOnlyList<Weight> Weights => weights;

    /// <summary>What it is told beside its operands, if it is a function.</summary>
    public KerasSettings Keywords => keywords;

    /// <summary>What it is applied to.</summary>
    public IReadOnlyList<KerasOperand> Operands => operands;

    /// <summary>The same without the numbers.</summary>
    public IReadOnlyList<KerasValue> Inputs { get; } = [.. operands.Select(operand => operand.Value).OfType<KerasValue>()];

    /// <summary>What it is applied to, where that is one value.</summary>
    public KerasValue Input => Inputs.Count > 0 ? Inputs[0] : throw new FormatException("it is applied to nothing");

    /// <summary>The same, where it must be a map.</summary>
    public Value Map => Input.Rank == KerasRank.Map ? Input.Value : throw new UnsupportedUseException("that is not applied to images");

    /// <summary>The shape of what goes in, without the batch and in Keras's order; null where it is not known.</summary>
    public long?[]? InputShape { get; init; }

    /// <summary>The next weight.</summary>
    /// <param name="what">What it is, for messages.</param>
    /// <param name="rank">The number of its dimensions; null where any will do.</param>
    public Weight NextWeight(string what, int? rank)
    {
        if (_taken >= weights.Count)
        {
            throw new FormatException($"its {what} is missing");
        }

        Weight weight = weights[_taken++];
        return rank is null || weight.Shape.Count == rank
            ? weight
            : throw new FormatException($"its {what} has {weight.Shape.Count} dimensions instead of {rank}");
    }

    /// <summary>The next weight, if the layer has it by its settings.</summary>
    public Weight? NextWeightIf(string setting, string what) => layer.Settings.Flag(setting, true) ? NextWeight(what, 1) : null;

    /// <summary>Whether its padding is TensorFlow's "same"; the other one that is known is none.</summary>
    public bool IsSame => (layer.Settings.Text("padding") ?? "valid") switch
    {
        "same" => true,
        "valid" => false,
        string other => throw new UnsupportedUseException($"with padding = {other}"),
    };

    /// <summary>The dimension here that a layer means by its axis.</summary>
    /// <param name="axis">As Keras counts, from the end if negative.</param>
    /// <param name="rank">The rank of the value.</param>
    public long AxisHere(long axis, KerasRank rank)
    {
        int dimensions = rank switch { KerasRank.Map => 4, KerasRank.Vector => 2, _ => 3 };
        long place = axis < 0 ? axis + dimensions : axis;
        return place <= 0 || place >= dimensions ? throw new UnsupportedUseException($"with axis = {axis}")
            : rank == KerasRank.Map && !dialect.ChannelsFirst ? place switch { 1 => 2, 2 => 3, _ => 1 }
            : place;
    }

    /// <summary>The same value with Keras's order of a flattened map made real, for what needs it.</summary>
    public Value Plain(KerasValue value)
    {
        if (value.MapChannels is not { } channels)
        {
            return value.Value;
        }

        Value parts = net.Reshape($"{name}/channels", value.Value, 0, channels, -1);
        Value pixels = net.Permute($"{name}/pixels", parts, 0, 2, 1);
        return net.Reshape($"{name}/flat", pixels, 0, -1);
    }
}
