using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures.Backbones;

/// <summary>A layer with weights in a head: a dense one, or a batch normalization.</summary>
/// <param name="Key">What its keys in the file begin with.</param>
/// <param name="IsDense">Whether it is a dense layer.</param>
/// <param name="Inputs">Values that it takes.</param>
/// <param name="Units">Values that it gives.</param>
/// <param name="HasBias">Whether it has a bias.</param>
/// <param name="IsActivatedBefore">Whether an activation function is taken to stand before it.</param>
internal sealed record HeadLayer(string Key, bool IsDense, long Inputs, long Units, bool HasBias, bool IsActivatedBefore)
{
    /// <summary>Its name in the network, which is its key unless the backbone has a layer of that name.</summary>
    public string Name { get; init; } = Key;
}

/// <summary>What a file has in the place of the published head, or behind it.</summary>
/// <param name="Layers">Its layers in order; none for the bare backbone.</param>
/// <param name="FollowsPublished">Whether it comes behind the published head.</param>
internal sealed record Head(IReadOnlyList<HeadLayer> Layers, bool FollowsPublished = false)
{
    /// <summary>No head: the network ends with the backbone's maps.</summary>
    public static Head None { get; } = new([]);

    /// <summary>
    /// How many rows and columns the maps are pooled to, so that the first layer gets as many values as it takes; null where no number
    /// does that.
    /// </summary>
    /// <param name="inputs">Values that the first layer takes.</param>
    /// <param name="channels">Channels of the maps.</param>
    public static long? SideOf(long inputs, long channels)
    {
        long side = (long)Math.Round(Math.Sqrt((double)inputs / channels));
        return side > 0 && channels * side * side == inputs ? side : null;
    }

    /// <summary>Adds it.</summary>
    /// <param name="net">The network.</param>
    /// <param name="features">The backbone's maps, N×C×H×W.</param>
    /// <param name="published">Adds the published head.</param>
    /// <param name="activation">The activation function between dense layers.</param>
    public Value Add(TorchNetwork net, Value features, Func<Value, Value> published, Activation activation)
    {
        Value x = FollowsPublished ? published(features) : Layers.Count == 0 ? features : Pool(net, features);
        foreach (HeadLayer layer in Layers)
        {
            x = layer.IsActivatedBefore ? activation(net, $"{layer.Name}.activation", x) : x;
            x = layer.IsDense ? net.Linear(layer.Name, x, layer.Units, layer.HasBias) : net.BatchNorm2d(layer.Name, x, ownEpsilon: 1e-5);
        }

        return x;
    }

    // Twice as many values as channels: largest ones and means, in the order of fastai.
    private Value Pool(TorchNetwork net, Value features)
    {
        long inputs = Layers[0].Inputs;
        long channels = features.Channels!.Value;
        if (inputs == 2 * channels)
        {
            Value both = net.Concat("pool", net.GlobalMaxPool2d("pool.max", features), net.GlobalAvgPool2d("pool.mean", features));
            return net.Flatten("flatten", both, positions: 1);
        }

        long side = SideOf(inputs, channels) ?? 1;
        return net.Flatten("flatten", net.AdaptiveAvgPool2d("avgpool", features, side, side), positions: side * side);
    }
}
