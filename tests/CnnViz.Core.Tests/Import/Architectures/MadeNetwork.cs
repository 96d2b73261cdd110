using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>
/// The forward pass of a network as its authors wrote it. A layer makes its weights when it is first run, so the keys and shapes of the
/// state dict follow from the definition, and not from what is tested.
/// </summary>
internal sealed class MadeNetwork
{
    private readonly Dictionary<string, torch.Tensor> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, torch.Tensor> _outputs = new(StringComparer.Ordinal);

    /// <summary>What normalizations add to the variance.</summary>
    public double Epsilon { get; init; } = 1e-5;

    /// <summary>Whether convolutions pad as TensorFlow's "same" does.</summary>
    public bool PadsAsTensorFlow { get; init; }

    /// <summary>Convolution; the padding keeps the size unless it is given.</summary>
    public torch.Tensor Conv(
        torch.Tensor x,
        string name,
        long channels,
        long kernel,
        long stride = 1,
        long? padding = null,
        long groups = 1,
        long dilation = 1,
        bool bias = false)
    {
        long side = padding ?? (PadsAsTensorFlow ? 0 : kernel / 2 * dilation);
        torch.Tensor image = PadsAsTensorFlow ? PadSame(x, kernel, stride) : x;
        return Conv(image, name, channels, (kernel, kernel), stride, (side, side), groups, dilation, bias);
    }

    /// <summary>Convolution with a kernel that is not square.</summary>
    public torch.Tensor Conv(
        torch.Tensor x,
        string name,
        long channels,
        (long Rows, long Columns) kernel,
        long stride,
        (long Rows, long Columns) padding,
        long groups = 1,
        long dilation = 1,
        bool bias = false) => Keep(name, conv2d(
            x,
            Weight($"{name}.weight", [channels, x.shape[1] / groups, kernel.Rows, kernel.Columns]),
            bias ? Weight($"{name}.bias", [channels]) : null,
            strides: [stride, stride],
            padding: [padding.Rows, padding.Columns],
            dilation: [dilation, dilation],
            groups: groups));

    // As the notes on tf.nn's padding say: the odd pixel at the end.
    private static torch.Tensor PadSame(torch.Tensor x, long kernel, long stride)
    {
        long Total(long size) => Math.Max(0, ((size + stride - 1) / stride - 1) * stride + kernel - size);
        (long rows, long columns) = (Total(x.shape[2]), Total(x.shape[3]));
        return pad(x, [columns / 2, columns - columns / 2, rows / 2, rows - rows / 2]);
    }

    /// <summary>Transposed convolution; in double precision, which libtorch computes without oneDNN: that is wrong on some processors.</summary>
    public torch.Tensor Transposed(
        torch.Tensor x, string name, long channels, long kernel, long stride, long padding = 0, long outputPadding = 0) =>
        Keep(name, conv_transpose2d(
            x.to(torch.float64),
            Weight($"{name}.weight", [x.shape[1], channels, kernel, kernel]).to(torch.float64),
            Weight($"{name}.bias", [channels]).to(torch.float64),
            strides: [stride, stride],
            padding: [padding, padding],
            output_padding: [outputPadding, outputPadding]).to(torch.float32));

    /// <summary>Batch normalization.</summary>
    public torch.Tensor Norm(torch.Tensor x, string name, double? epsilon = null)
    {
        long[] shape = x.dim() == 4 ? [1, -1, 1, 1] : [1, -1];
        long[] size = [x.shape[1]];
        torch.Tensor Part(string part) => Weight($"{name}.{part}", size).reshape(shape);
        return Keep(name, (x - Part("running_mean")) / (Part("running_var") + (epsilon ?? Epsilon)).sqrt() * Part("weight") + Part("bias"));
    }

    /// <summary>Normalization of each channel of each image.</summary>
    public torch.Tensor Instance(torch.Tensor x, string name) => Keep(name, instance_norm(
        x, weight: Weight($"{name}.weight", [x.shape[1]]), bias: Weight($"{name}.bias", [x.shape[1]]), eps: Epsilon));

    /// <summary>Dense layer.</summary>
    public torch.Tensor Dense(torch.Tensor x, string name, long units, bool bias = true) => Keep(
        name, linear(x, Weight($"{name}.weight", [units, x.shape[1]]), bias ? Weight($"{name}.bias", [units]) : null));

    /// <summary>Leaky ReLU with a slope that is trained.</summary>
    public torch.Tensor Slope(torch.Tensor x, string name, long? slopes = null) =>
        Keep(name, prelu(x, Weight($"{name}.weight", [slopes ?? x.shape[1]])));

    /// <summary>A tensor of the state dict, made if there is none.</summary>
    public torch.Tensor Weight(string key, long[] shape)
    {
        if (!_weights.TryGetValue(key, out torch.Tensor? weight))
        {
            string part = key[(key.LastIndexOf('.') + 1)..];
            string role = part is "bias" or "running_mean" or "running_var" ? part : shape.Length > 1 ? "weight" : "norm_weight";
            weight = torch.tensor(RuleWeights.Values(key, shape, role)).reshape(shape);
            _weights[key] = weight;
        }

        return weight;
    }

    /// <summary>Records the value of a layer, which is compared.</summary>
    public torch.Tensor Keep(string layer, torch.Tensor value)
    {
        _outputs.TryAdd(layer, value);
        return value;
    }

    /// <summary>
    /// Imports the weights, and compares every layer that has weights with the forward pass, to 1e-4 of the layer's largest value.
    /// </summary>
    /// <param name="name">The architecture that must be found.</param>
    /// <param name="forward">The forward pass, which runs the layers.</param>
    /// <param name="image">The image.</param>
    /// <param name="layerOf">Name of a layer in the graph by its name here; null for the same.</param>
    /// <param name="architecture">Names the architecture as a user would; null to find out.</param>
    public void Check(
        string name,
        Func<torch.Tensor, MadeNetwork, torch.Tensor> forward,
        torch.Tensor image,
        Func<string, string>? layerOf = null,
        string? architecture = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        forward(image, this);
        using StateDict tensors = new(
            [.. _weights.Select(pair => new StateTensor(pair.Key, pair.Value.dtype, pair.Value.shape, pair.Value.clone))], "test");
        ArchitectureMatch match = ArchitectureChooser.Choose("weights.pth", tensors, architecture);
        Assert.Equal(name, match.Architecture.Name);
        Assert.True(match.Fits);
        Assert.Equal(image.shape[1], match.ImageChannels);

        using Graph graph = match.Build();
        Dictionary<string, int> nodes = graph.Nodes.Select((node, i) => (node.Name, i)).ToDictionary(pair => pair.Name, pair => pair.i);
        string[] layers = [.. _outputs.Keys];
        int[] places = [.. layers.Select(layer => nodes[layerOf?.Invoke(layer) ?? layer])];
        torch.Tensor[] values = graph.SubGraph(places).RunAll(image, redirectGradients: false, CancellationToken.None);
        Assert.All(layers.Zip(values), pair =>
        {
            torch.Tensor expected = _outputs[pair.First];
            Assert.Equal(expected.shape, pair.Second.shape);
            double largest = expected.abs().max().item<float>();
            double error = (expected - pair.Second).abs().max().item<float>();
            Assert.True(error <= 1e-4 * largest, $"{pair.First} differs by {error} of {largest}.");
        });
    }
}
