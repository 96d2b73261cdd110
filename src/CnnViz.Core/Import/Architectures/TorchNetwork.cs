using CnnViz.Import.Architectures.Backbones;
using CnnViz.Import.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Architectures;

/// <summary>
/// A network that takes its weights from a state dict by the names of PyTorch's modules, and keeps a list of what it wants, so that
/// a file can be compared with it before anything is read.
/// </summary>
/// <param name="find">Finds a tensor by its key.</param>
/// <param name="epsilon">What is added to the variance in normalizations.</param>
internal sealed class TorchNetwork(Func<string, StateTensor?> find, double epsilon) : NetworkBuilder(channels: null)
{
    private readonly List<ExpectedTensor> _expected = [];
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly HashSet<int> _flat = [];

    /// <summary>All tensors that were asked for, once each.</summary>
    public IReadOnlyList<ExpectedTensor> Expected => _expected;

    /// <summary>Whether dense layers take maps pixel by pixel, as Keras has them, and not channel by channel.</summary>
    public bool IsChannelsLast { get; init; }

    /// <summary>Whether a program of Keras wrote the weights: its normalizations may have one of weight and bias alone.</summary>
    public bool IsKeras { get; init; }

    /// <summary>Channels of the image, as the first layer with weights has them; null before it.</summary>
    public long? ImageChannels { get; private set; }

    /// <summary>What the file has in the place of the published head, or behind it; null for the published head alone.</summary>
    public Head? OtherHead { get; set; }

    /// <summary>The end of a network.</summary>
    /// <param name="features">The backbone's maps, N×C×H×W.</param>
    /// <param name="published">Adds the published head.</param>
    /// <param name="activation">The activation function that is usual in its head; null for ReLU.</param>
    public Value Head(Value features, Func<Value, Value> published, Activation? activation = null) =>
        OtherHead?.Add(this, features, published, activation ?? ActivationLayers.ReLU) ?? published(features);

    /// <summary>Whether convolutions with a square kernel pad as TensorFlow's "same" does.</summary>
    public bool PadsAsTensorFlow { get; init; }

    /// <summary>Whether there is a tensor of a key.</summary>
    public bool Has(string key) => find(key) is not null;

    /// <summary>The shape of the tensor of a key, or null.</summary>
    public IReadOnlyList<long>? ShapeOf(string key) => find(key)?.Shape;

    /// <summary>A size of the tensor of a key, the first unless another is asked for; 1 where there is none.</summary>
    public long SizeOf(string key, int dimension = 0) =>
        ShapeOf(key) is { } shape && dimension < shape.Count ? Math.Max(1, shape[dimension]) : 1;

    /// <summary>How many keys of a series there are, the first of which has number 0; at least 1, so that something is missed.</summary>
    public int CountOf(Func<int, string> key)
    {
        int count = 0;
        while (Has(key(count)))
        {
            count++;
        }

        return Math.Max(1, count);
    }

    /// <summary>The image, where its channels are not those that the first layer with weights takes.</summary>
    public Value ImageOf(long channels)
    {
        ImageChannels = channels;
        return Image with { Channels = channels };
    }

    /// <summary>What was taken for granted, a sentence each.</summary>
    public HashSet<string> Guesses { get; } = [];

    /// <summary>Convolution with a square kernel.</summary>
    public Value Conv2d(
        string name,
        Value input,
        long? channels,
        long kernel,
        long stride = 1,
        long padding = 0,
        long groups = 1,
        bool bias = false) => Conv2d(
            name,
            input,
            channels,
            Windows.Square(kernel, stride, padding) with { Rule = PadsAsTensorFlow ? PaddingRule.SameUpper : PaddingRule.Explicit },
            groups,
            bias);

    /// <summary>Convolution; with as many channels as the file has, if no number is given.</summary>
    public Value Conv2d(string name, Value input, long? channels, Window window, long groups = 1, bool bias = false)
    {
        Weight weight = Parameter($"{name}.weight", channels, input.Channels / groups, window.Kernel.Height, window.Kernel.Width);
        Take(input, weight.Shape[1] * groups);
        return this.Conv2d(name, input, weight, bias ? Bias(name, channels) : null, window, groups);
    }

    /// <summary>Transposed convolution; the kernel's size and the channels are those of the file.</summary>
    public Value ConvTranspose2d(string name, Value input, Window window, CnnViz.Networks.Extent outputPadding, long groups)
    {
        Weight weight = Parameter($"{name}.weight", input.Channels, null, window.Kernel.Height, window.Kernel.Width);
        Take(input, weight.Shape[0]);
        Weight? bias = Has($"{name}.bias") ? Parameter($"{name}.bias", weight.Shape[1] * groups) : null;
        return this.ConvTranspose2d(name, input, weight, bias, window, outputPadding, groups);
    }

    /// <summary>Convolution of 1×1 whose weights are those of a dense layer, units×inputs: a dense layer at each position.</summary>
    public Value PointwiseLinear(string name, Value input, long units) => this.Conv2d(
        name,
        input,
        Parameter($"{name}.weight", units, input.Channels).Reshape(units, input.Channels ?? 1, 1, 1),
        Parameter($"{name}.bias", units),
        Windows.Square(1));

    /// <summary>Batch normalization; with neither weight nor bias where the file has statistics alone. In Keras, one of them may be left out.</summary>
    public Value BatchNorm2d(string name, Value input, double? ownEpsilon = null)
    {
        bool isPlain = Has($"{name}.running_mean") && (IsKeras || !(Has($"{name}.weight") || Has($"{name}.bias")));
        Weight mean = Parameter($"{name}.running_mean", input.Channels);
        Take(input, mean.Shape[0]);
        return this.BatchNorm2d(
            name,
            input,
            isPlain ? ParameterOr(1, $"{name}.weight", mean.Shape[0]) : Parameter($"{name}.weight", input.Channels),
            isPlain ? ParameterOr(0, $"{name}.bias", mean.Shape[0]) : Parameter($"{name}.bias", input.Channels),
            mean,
            Parameter($"{name}.running_var", input.Channels),
            ownEpsilon ?? epsilon);
    }

    /// <summary>Normalization over the channels of each position, or over all values of a dense layer.</summary>
    public Value LayerNorm2d(string name, Value input, double? ownEpsilon = null)
    {
        Weight weight = Parameter($"{name}.weight", input.Channels);
        Weight bias = Parameter($"{name}.bias", input.Channels);
        return IsFlat(input)
            ? Add(name, "LayerNormalization", [input, weight, bias], attributes: [("axis", -1L), ("epsilon", (float)(ownEpsilon ?? epsilon))])
            : this.LayerNorm2d(name, input, weight, bias, ownEpsilon ?? epsilon);
    }

    /// <summary>Normalization of each channel of each image; weight and bias where the file has them.</summary>
    public Value InstanceNorm2d(string name, Value input, double? ownEpsilon = null) => this.InstanceNorm2d(
        name,
        input,
        ParameterOr(1, $"{name}.weight", input.Channels ?? 1),
        ParameterOr(0, $"{name}.bias", input.Channels ?? 1),
        ownEpsilon ?? epsilon);

    /// <summary>Normalization of groups of channels of each image; weight and bias where the file has them.</summary>
    public Value GroupNorm(string name, Value input, long groups, double? ownEpsilon = null) => this.GroupNorm(
        name,
        input,
        ParameterOr(1, $"{name}.weight", input.Channels ?? 1),
        ParameterOr(0, $"{name}.bias", input.Channels ?? 1),
        groups,
        ownEpsilon ?? epsilon);

    /// <summary>
    /// Weighs each channel by its length over the map, as a share of the mean of all (Woo et al. 2023): x · (w · l / mean(l) + 1) + b.
    /// </summary>
    public Value GlobalResponseNorm(string name, Value input)
    {
        Weight weight = ChannelsOf($"{name}.weight", input);
        Weight bias = ChannelsOf($"{name}.bias", input);
        Value length = Add($"{name}.norm", "ReduceL2", [input, new[] { 2L, 3L }]);
        Value mean = Add($"{name}.mean", "ReduceMean", [length, new[] { 1L }]);
        Value share = Add($"{name}.div", "Div", [length, Add($"{name}.eps", "Add", [mean, 1e-6f])], input.Channels);
        Value scaled = Add($"{name}.scale", "Mul", [this.Mul($"{name}.mul", input, share), weight]);
        return this.Add($"{name}.sum", Add($"{name}.shift", "Add", [scaled, bias]), input);
    }

    // One value a channel, as C values or as 1×1×1×C.
    private Weight ChannelsOf(string key, Value input) =>
        (ShapeOf(key) is { Count: 4 } ? Parameter(key, 1, 1, 1, input.Channels) : Parameter(key, input.Channels)).Reshape(-1, 1, 1);

    /// <summary>Leaky ReLU whose slope is trained: one for all, or one for each channel.</summary>
    public Value PReLU(string name, Value input)
    {
        Weight slope = Parameter($"{name}.weight", ShapeOf($"{name}.weight") is [1] ? 1 : input.Channels);
        return this.PReLU(name, input, IsFlat(input) ? slope : slope.Reshape(slope.Shape[0], 1, 1));
    }

    /// <summary>N×C×H×W to N×(C·H·W), in the order in which the file's dense layers want the values.</summary>
    public Value FlattenInOrder(string name, Value input)
    {
        Value ordered = IsChannelsLast && !IsFlat(input) ? this.Permute($"{name}.order", input, 0, 2, 3, 1) : input;
        return this.Flatten(name, ordered);
    }

    /// <summary>Whether a value is N×C, without pixels.</summary>
    public bool IsFlat(Value value) => _flat.Contains(value.Node);

    /// <summary>Says that a value is N×C.</summary>
    public void MarkFlat(Value value) => _flat.Add(value.Node);

    /// <summary>A dense layer; as many units as the file has, if no number is given.</summary>
    public Value Linear(string name, Value input, long? units = null, bool bias = true)
    {
        Weight weight = Parameter($"{name}.weight", units, input.Channels);
        return this.Linear(name, input, weight, bias ? Bias(name, units) : null);
    }

    /// <summary>A factor for each channel, C×1×1 or C values, under a key of its own.</summary>
    public Value Scale(string name, Value input, string key)
    {
        Weight factors = ShapeOf(key) is { Count: 1 } ? Parameter(key, input.Channels) : Parameter(key, input.Channels, 1, 1);
        return this.Scale(name, input, factors.Reshape(-1, 1, 1));
    }

    // The first layer that has weights tells how many channels the image has; what is before it keeps them.
    private void Take(Value input, long channels)
    {
        if (input.Channels is null && ImageChannels is null && !IsFlat(input))
        {
            ImageChannels = channels;
        }
    }

    private Weight ParameterOr(float value, string key, long channels) => Has(key)
        ? Parameter(key, channels)
        : new Weight([channels], () => HeldNumbers.Full([channels], value));

    private Weight Bias(string name, long? channels) => Parameter($"{name}.bias", channels ?? ShapeOf($"{name}.weight")?.FirstOrDefault());

    /// <summary>Asks for a tensor.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="shape">Its shape; null for sizes that the file decides.</param>
    /// <returns>The weight; of no use but for its shape where the file has no such tensor.</returns>
    private Weight Parameter(string key, params long?[] shape)
    {
        var expected = new ExpectedTensor(key, shape, find(key));
        if (_asked.Add(key))
        {
            _expected.Add(expected);
        }

        return new Weight(expected.Fits ? expected.Found!.Shape : [.. shape.Select(size => size ?? 1)], () =>
        {
            using torch.Tensor values = expected.Found!.Read();
            return values.to(torch.ScalarType.Float32);
        });
    }
}
