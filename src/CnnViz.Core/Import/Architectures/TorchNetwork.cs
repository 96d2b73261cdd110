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

    /// <summary>All tensors that were asked for.</summary>
    public IReadOnlyList<ExpectedTensor> Expected => _expected;

    /// <summary>Channels of the image, as the first convolution has them; null before it.</summary>
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
        if (input == Image)
        {
            ImageChannels = weight.Shape[1] * groups;
        }

        return this.Conv2d(name, input, weight, bias ? Bias(name, channels) : null, window, groups);
    }

    /// <summary>Convolution of 1×1 whose weights are those of a dense layer, units×inputs: a dense layer at each position.</summary>
    public Value PointwiseLinear(string name, Value input, long units) => this.Conv2d(
        name,
        input,
        Parameter($"{name}.weight", units, input.Channels).Reshape(units, input.Channels ?? 1, 1, 1),
        Parameter($"{name}.bias", units),
        Windows.Square(1));

    /// <summary>Batch normalization.</summary>
    public Value BatchNorm2d(string name, Value input, double? ownEpsilon = null) => this.BatchNorm2d(
        name,
        input,
        Parameter($"{name}.weight", input.Channels),
        Parameter($"{name}.bias", input.Channels),
        Parameter($"{name}.running_mean", input.Channels),
        Parameter($"{name}.running_var", input.Channels),
        ownEpsilon ?? epsilon);

    /// <summary>Normalization over the channels of each position.</summary>
    public Value LayerNorm2d(string name, Value input, double? ownEpsilon = null) => this.LayerNorm2d(
        name, input, Parameter($"{name}.weight", input.Channels), Parameter($"{name}.bias", input.Channels), ownEpsilon ?? epsilon);

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

    private Weight Bias(string name, long? channels) => Parameter($"{name}.bias", channels ?? ShapeOf($"{name}.weight")?.FirstOrDefault());

    /// <summary>Asks for a tensor.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="shape">Its shape; null for sizes that the file decides.</param>
    /// <returns>The weight; of no use but for its shape where the file has no such tensor.</returns>
    private Weight Parameter(string key, params long?[] shape)
    {
        var expected = new ExpectedTensor(key, shape, find(key));
        _expected.Add(expected);
        return new Weight(expected.Fits ? expected.Found!.Shape : [.. shape.Select(size => size ?? 1)], () =>
        {
            using torch.Tensor values = expected.Found!.Read();
            return values.to(torch.ScalarType.Float32);
        });
    }
}
