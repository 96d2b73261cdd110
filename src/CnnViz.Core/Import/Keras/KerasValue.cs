using CnnViz.Import.Networks;

namespace CnnViz.Import.Keras;

/// <summary>The dimensions of a value.</summary>
internal enum KerasRank
{
    /// <summary>Here N×C×H×W, whatever Keras has.</summary>
    Map,

    /// <summary>N×C.</summary>
    Vector,

    /// <summary>N×positions×C.</summary>
    Sequence,
}

/// <summary>The output of a layer while the network is put together.</summary>
/// <param name="Value">The node.</param>
/// <param name="Rank">Its dimensions.</param>
/// <param name="MapChannels">
/// For a vector that is a map of this many channels laid flat: here channel by channel, where Keras means pixel by pixel. Null where
/// both agree.
/// </param>
/// <param name="IsFrame">Whether Keras has a sequence of these, each of which layers see by itself.</param>
internal readonly record struct KerasValue(Value Value, KerasRank Rank, long? MapChannels = null, bool IsFrame = false)
{
    public static KerasValue Map(Value value) => new(value, KerasRank.Map);

    public static KerasValue Vector(Value value) => new(value, KerasRank.Vector);
}

/// <summary>What a layer is applied to: a value; or a number, or one for each channel.</summary>
internal readonly record struct KerasOperand(KerasValue? Value, double[] Numbers);
