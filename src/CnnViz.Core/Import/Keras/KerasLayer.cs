namespace CnnViz.Import.Keras;

/// <summary>One layer of a Keras model, or a model within it.</summary>
/// <param name="Name">The author's name.</param>
/// <param name="Class">Name of its class, such as <c>Conv2D</c>.</param>
/// <param name="Settings">Its settings.</param>
/// <param name="Calls">Where it is applied; a layer that is applied twice shares its weights.</param>
/// <param name="Model">The model that it is, or null.</param>
/// <param name="Keys">Where its weights lie.</param>
internal sealed record KerasLayer(
    string Name, string Class, KerasSettings Settings, IReadOnlyList<KerasCall> Calls, KerasModel? Model, WeightKeys Keys)
{
    /// <summary>Whether it is applied to each image of a sequence by itself, as the layer within a TimeDistributed is.</summary>
    public bool IsTimeDistributed { get; init; }

    /// <summary>The shape of its input without the batch, open sizes as null; null where the file does not say.</summary>
    public long?[]? InputShape { get; init; }

    /// <summary>The same as the layer itself states it, where a model begins with it.</summary>
    public long?[]? OwnShape { get; init; }

    /// <summary>Whether it is where images come in.</summary>
    public bool IsInput => Class == "InputLayer";
}

/// <summary>One application of a layer.</summary>
/// <param name="Arguments">What it is applied to.</param>
/// <param name="Keywords">Further arguments by name.</param>
internal sealed record KerasCall(IReadOnlyList<KerasArgument> Arguments, KerasSettings Keywords);

/// <summary>What a layer is applied to: the output of another; or a number, or one for each channel.</summary>
internal readonly record struct KerasArgument(KerasOutput? Output, double[] Numbers);

/// <summary>One output of one application of a layer.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Call">Which of its applications.</param>
/// <param name="Index">Which of its outputs.</param>
internal sealed record KerasOutput(string Layer, int Call, int Index);

/// <summary>Where the weights of a layer lie.</summary>
/// <param name="Names">The names of the models that it is in, from the outermost, and its own: how HDF5 models file them.</param>
/// <param name="Places">How <c>.keras</c> files do: by class and number, in each of these models.</param>
internal sealed record WeightKeys(IReadOnlyList<string> Names, IReadOnlyList<WeightPlace> Places);

/// <summary>A layer's place among those of its class in a model.</summary>
/// <param name="Word">The class, as Keras writes it in names of groups: <c>depthwise_conv2d</c>.</param>
/// <param name="Number">How many of the class come before it.</param>
/// <param name="Count">How many there are; 0 for the layer inside a wrapper, whose place has a name.</param>
internal readonly record struct WeightPlace(string Word, int Number, int Count);
