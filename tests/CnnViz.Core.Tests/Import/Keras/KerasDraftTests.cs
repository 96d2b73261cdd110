using CnnViz.Import;
using CnnViz.Import.Keras;
using CnnViz.Networks.Operators;
using PureHDF;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Tests.Import.Keras;

/// <summary>HDF5 files of weights without a network that is known.</summary>
public sealed class KerasDraftTests : EngineTest
{
    private static readonly Pixels s_kernel = Pixels.Wave(3, 3, 2, 4);
    private static readonly Pixels s_dense = Pixels.Wave(4 * 4 * 4, 5);

    [Fact]
    public void Layers_come_in_the_order_of_the_file_and_maps_are_flattened_pixel_by_pixel()
    {
        byte[] content = Layers(
            ("input_1", []),
            ("conv2d", [("kernel:0", s_kernel), ("bias:0", Pixels.Wave(4))]),
            ("batch_normalization", [("gamma:0", Pixels.Positive(4)), ("beta:0", Pixels.Wave(4)), ("moving_mean:0", Pixels.Wave(4)), ("moving_variance:0", Pixels.Positive(4))]),
            ("activation", []),
            ("max_pooling2d", []),
            ("dropout", []),
            ("flatten", []),
            ("dense", [("kernel:0", s_dense), ("bias:0", Pixels.Wave(5))]));
        using torch.Tensor image = torch.rand(1, 2, 8, 8);

        ModelSource source = KerasReader.Read("own.h5", content, inputSize: (8, 8));

        torch.Tensor kernel = Tensor(s_kernel).permute(3, 2, 0, 1);
        torch.Tensor x = conv2d(image, kernel, Tensor(Pixels.Wave(4)), padding: [1, 1]);
        torch.Tensor Channel(Pixels values) => Tensor(values).reshape(1, -1, 1, 1);
        x = (x - Channel(Pixels.Wave(4))) / (Channel(Pixels.Positive(4)) + 1e-3).sqrt() * Channel(Pixels.Positive(4)) + Channel(Pixels.Wave(4));
        x = max_pool2d(relu(x), 2).permute(0, 2, 3, 1).reshape(1, -1).matmul(Tensor(s_dense)) + Tensor(Pixels.Wave(5));
        AssertAgrees(source, image, x);
        Assert.Contains("max pooling at max_pooling2d", source.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbered_weights_find_their_places()
    {
        Pixels second = Pixels.Wave(3, 3, 4, 4);
        Pixels dense = Pixels.Wave(2 * 2 * 4, 5);
        var layers = new H5Group
        {
            ["conv2d"] = Numbered(s_kernel, Pixels.Wave(4)),
            ["conv2d_1"] = Numbered(second, Pixels.Wave(4)),
            ["dense"] = Numbered(dense, Pixels.Wave(5)),
            ["flatten"] = Numbered(),
            ["max_pooling2d"] = Numbered(),
            ["max_pooling2d_1"] = Numbered(),
        };
        byte[] content = KerasFile.ToBytes(new H5File { ["layers"] = layers, ["optimizer"] = Numbered(s_kernel) });
        using torch.Tensor image = torch.rand(1, 2, 8, 8);

        ModelSource source = KerasReader.Read("own.weights.h5", content, inputSize: (8, 8));

        torch.Tensor x = max_pool2d(relu(conv2d(image, Tensor(s_kernel).permute(3, 2, 0, 1), Tensor(Pixels.Wave(4)), padding: [1, 1])), 2);
        x = max_pool2d(relu(conv2d(x, Tensor(second).permute(3, 2, 0, 1), Tensor(Pixels.Wave(4)), padding: [1, 1])), 2);
        AssertAgrees(source, image, x.permute(0, 2, 3, 1).reshape(1, -1).matmul(Tensor(dense)) + Tensor(Pixels.Wave(5)));
    }

    [Fact]
    public void A_separable_convolution_is_two()
    {
        Pixels depthwise = Pixels.Wave(3, 3, 4, 1);
        Pixels pointwise = Pixels.Wave(1, 1, 4, 6);
        byte[] content = Layers(
            ("conv2d", [("kernel:0", s_kernel), ("bias:0", Pixels.Wave(4))]),
            ("separable_conv2d", [("depthwise_kernel:0", depthwise), ("pointwise_kernel:0", pointwise), ("bias:0", Pixels.Wave(6))]));
        using torch.Tensor image = torch.rand(1, 2, 8, 8);

        ModelSource source = KerasReader.Read("own.h5", content, inputSize: (8, 8));

        torch.Tensor x = relu(conv2d(image, Tensor(s_kernel).permute(3, 2, 0, 1), Tensor(Pixels.Wave(4)), padding: [1, 1]));
        x = conv2d(x, Tensor(depthwise).permute(2, 3, 0, 1), padding: [1, 1], groups: 4);
        AssertAgrees(source, image, conv2d(x, Tensor(pointwise).permute(3, 2, 0, 1), Tensor(Pixels.Wave(6))));
    }

    [Fact]
    public void Weights_of_the_first_version_are_known()
    {
        byte[] content = Layers(
            ("bn_0_freq", [("bn_0_freq_gamma", Pixels.Wave(40)), ("bn_0_freq_beta", Pixels.Wave(40)), ("bn_0_freq_running_mean", Pixels.Wave(40)), ("bn_0_freq_running_std", Pixels.Positive(40))]),
            ("conv1", [("conv1_W", Pixels.Wave(4, 2, 3, 3)), ("conv1_b", Pixels.Wave(4))]),
            ("elu_1", []),
            ("gru1", [("gru1_W_z", Pixels.Wave(4, 4)), ("gru1_U_z", Pixels.Wave(4, 4))]));
        using torch.Tensor image = torch.rand(1, 2, 8, 8);

        ModelSource source = KerasReader.Read("own.h5", content, inputSize: (8, 8));

        AssertAgrees(source, image, elu(conv2d(image, Tensor(Pixels.Wave(4, 2, 3, 3)), Tensor(Pixels.Wave(4)), padding: [1, 1]), 1));
        Assert.Contains("2 of 3 layers were left out", source.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_reads_them_too()
    {
        byte[] content = Layers(
            ("conv2d", [("kernel:0", s_kernel), ("bias:0", Pixels.Wave(4))]), ("dense", [("kernel:0", s_dense), ("bias:0", Pixels.Wave(5))]));
        string path = Path.GetTempFileName();
        File.WriteAllText(path, "input size=9\nconv2d conv stride=2 padding=same\nflat flatten\ndense linear");
        using torch.Tensor image = torch.rand(1, 2, 7, 7);

        ModelSource source = KerasReader.Read("own.h5", content, path, (7, 7));

        File.Delete(path);
        torch.Tensor x = conv2d(pad(image, [1, 1, 1, 1]), Tensor(s_kernel).permute(3, 2, 0, 1), Tensor(Pixels.Wave(4)), strides: [2, 2]);
        AssertAgrees(source, image, x.permute(0, 2, 3, 1).reshape(1, -1).matmul(Tensor(s_dense)) + Tensor(Pixels.Wave(5)));
    }

    [Fact]
    public void Dense_layers_alone_are_named()
    {
        byte[] content = Layers(("dense", [("kernel:0", Pixels.Wave(100, 5)), ("bias:0", Pixels.Wave(5))]));

        Assert.Equal("NoConvolution", Assert.Throws<ModelFormatException>(() => KerasReader.Read("own.h5", content)).ErrorId);
    }

    [Fact]
    public void Architectures_of_PyTorch_are_not_tried()
    {
        byte[] content = Layers(("conv2d", [("kernel:0", s_kernel), ("bias:0", Pixels.Wave(4))]));

        var exception = Assert.Throws<ModelFormatException>(() => KerasReader.Read("own.h5", content, "resnet18"));

        Assert.Contains("resnet18 is a network of PyTorch's", exception.Message, StringComparison.Ordinal);
    }

    private static void AssertAgrees(ModelSource source, torch.Tensor image, torch.Tensor expected)
    {
        using var graph = source.Graph;
        Assert.Equal(image.shape[1], source.Channels);
        using torch.Tensor actual = graph.SubGraph(graph.Outputs[0]).Run(image);
        Assert.Equal(expected.shape, actual.shape);
        Assert.All(expected.ToFloats().Zip(actual.ToFloats()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    private static torch.Tensor Tensor(Pixels pixels) => torch.tensor(pixels.Values).reshape([.. pixels.Shape.Select(size => (long)size)]);

    private static H5Group Numbered(params Pixels[] weights)
    {
        var variables = new H5Group();
        for (int i = 0; i < weights.Length; i++)
        {
            variables[$"{i}"] = KerasFile.Plain(weights[i]);
        }

        return new H5Group { ["vars"] = variables };
    }

    private static byte[] Layers(params (string Name, (string Name, Pixels Values)[] Weights)[] layers)
    {
        var file = new H5File { Attributes = { ["layer_names"] = layers.Select(layer => layer.Name).ToArray(), ["backend"] = "tensorflow" } };
        foreach ((string name, (string Name, Pixels Values)[] weights) in layers)
        {
            bool isFirstVersion = weights.Any(weight => weight.Name.StartsWith(name, StringComparison.Ordinal));
            var inner = new H5Group();
            var group = new H5Group
            {
                Attributes = { ["weight_names"] = weights.Select(weight => isFirstVersion ? weight.Name : $"{name}/{weight.Name}").ToArray() },
            };
            foreach ((string weight, Pixels values) in weights)
            {
                (isFirstVersion ? group : inner)[weight] = KerasFile.Plain(values);
            }

            if (!isFirstVersion)
            {
                group[name] = inner;
            }

            file[name] = group;
        }

        return KerasFile.ToBytes(file);
    }
}
