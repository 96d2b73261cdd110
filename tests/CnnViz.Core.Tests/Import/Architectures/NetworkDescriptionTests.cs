using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Tests.Import.Weights;
using TorchSharp;

namespace CnnViz.Tests.Import.Architectures;

public sealed class NetworkDescriptionTests : EngineTest, IDisposable
{
    private const string Mnist = """
        input size=28 preprocessing=Unit
        conv1  conv
        relu1  relu
        conv2  conv
        relu2  relu
        conv3  conv
        relu3  relu
        norm1  batchnorm
        flat   flatten
        fc1    linear
        relu4  relu
        fc2    linear
        norm2  batchnorm
        prob   logsoftmax
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [SkippableTheory]
    [InlineData("mnist.pt")]
    [InlineData("mnist.safetensors")]
    public void A_small_network_is_described_in_a_few_lines(string file)
    {
        using CnnModel model = Import(TestFiles.Shared("models", file), Mnist);

        Assert.Equal("1×28×28", model.InputShape.ToString());
        Assert.Equal((24, "24×22×22"), (model.GetLayer("conv3").Filters, model.GetLayer("conv3").OutputShape.ToString()));
        Assert.Equal(10, model.GetLayer("prob").Filters);
        Assert.Equal((Preprocessing.Unit.Name, PreprocessingSource.Given), (model.Preprocessing.Name, model.Preprocessing.Source));
    }

    // Classes in Darknet's own order, which is not that of ImageNet's synsets.
    [SkippableTheory]
    [InlineData("parrot.jpg", 408)]
    [InlineData("hot_dog.jpg", 884)]
    public void Tiny_Darknet_knows_what_it_sees(string photo, int label)
    {
        string weights = TestFiles.Shared("models", "tiny_darknet.safetensors");
        string path = TestFiles.Shared("photos", photo);

        // Three stages of a convolution and a pooling, three of four convolutions that narrow and widen, two more.
        int conv = 0;
        string[] lines =
        [
            "input preprocessing=Unit", Conv(3), "pool1 maxpool kernel=2", Conv(3), "pool2 maxpool kernel=2",
            Conv(1), Conv(3), Conv(1), Conv(3), "pool3 maxpool kernel=2",
            Conv(1), Conv(3), Conv(1), Conv(3), "pool4 maxpool kernel=2",
            Conv(1), Conv(3), Conv(1), Conv(3), Conv(1),
            "conv2d_16 conv", "avgpool globalavgpool", "prob softmax",
        ];
        using CnnModel model = Import(weights, string.Join('\n', lines));

        Assert.Equal(16, model.Layers.Count(layer => layer.Kind == "Conv2d"));
        using torch.Tensor picture = ImageFile.Read(path, 3, 224, 224).reshape(1, 3, 224, 224);
        using torch.Tensor scores = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(picture);
        float[] values = scores.ToFloats();
        Assert.Equal(label, Array.IndexOf(values, values.Max()));

        string Conv(int kernel)
        {
            conv++;
            return $"conv2d_{conv} conv padding={kernel / 2}\nbatch_normalization_{conv} batchnorm epsilon=0.001\n"
                + $"leaky_{conv} leakyrelu slope=0.1";
        }
    }

    [Fact]
    public void An_image_of_absurd_size_is_tried_only_where_the_user_says_so()
    {
        string weights = Path.Combine(_folder, "net.safetensors");
        File.WriteAllBytes(weights, WeightFiles.Safetensors("""{"a.weight":{"dtype":"F32","shape":[2,3,1,1],"data_offsets":[0,24]}}""", WeightFiles.Floats(6)));
        string description = Path.Combine(_folder, "large.txt");
        File.WriteAllText(description, "input size=32767 preprocessing=Unit\na conv");
        var options = new ImportOptions { Architecture = description };

        Assert.Equal("InputTooLarge", Assert.Throws<CnnVizException>(() => ModelImporter.Import(weights, options)).ErrorId);
        using CnnModel model = ModelImporter.Import(weights, options with { InputSize = (8, 8) });
        Assert.Equal("3×8×8", model.InputShape.ToString());
    }

    [Fact]
    public void A_shortcut_takes_from_two_lines()
    {
        using StateDict tensors = Tensors(("a.weight", [2, 1, 3, 3]), ("b.weight", [2, 2, 1, 1]));
        Architecture architecture = Parse("a conv padding=1", "b conv", "sum add from=b,a");

        using Graph graph = new ArchitectureMatch(architecture, tensors).Build();
        using torch.Tensor output = graph.SubGraph(3).Run(torch.ones(1, 1, 4, 4));

        // Nine ones in the middle of a; two channels of nine in b.
        Assert.Equal(27, output[0, 0, 1, 1].item<float>());
    }

    [Fact]
    public void Depthwise_convolutions_are_known_by_their_weights()
    {
        using StateDict tensors = Tensors(("a.weight", [4, 3, 1, 1]), ("b.weight", [4, 1, 3, 3]));
        var match = new ArchitectureMatch(Parse("a conv", "b conv padding=same"), tensors);

        Assert.True(match.Fits, match.Difference);
        Assert.Equal(3, match.ImageChannels);
        using Graph graph = match.Build();
        using torch.Tensor output = graph.SubGraph(2).Run(torch.ones(1, 3, 5, 5));
        Assert.Equal([1L, 4, 5, 5], output.shape);
    }

    [Theory]
    [InlineData("conv1", "line 1 has a name, 'conv1', and no kind")]
    [InlineData("# comment\nx sliding", "line 2 ('x') is of the kind 'sliding'")]
    [InlineData("a relu\na relu", "('a') has the name of a line before it")]
    [InlineData("a relu slope=0.1", "has the option 'slope', which relu does not know")]
    [InlineData("a maxpool kernel=two", "has kernel=two, which is no whole number")]
    [InlineData("a maxpool", "needs kernel=")]
    [InlineData("a maxpool kernel=1000000", "no whole number from 0 to 1024")]
    [InlineData("a add from=b,c", "takes from 'b', which no line before it is named")]
    [InlineData("a add", "needs from=")]
    [InlineData("a conv from=,", "has from= without a name")]
    [InlineData("a leakyrelu slope=NaN", "has slope=NaN, which is no number")]
    [InlineData("a relu 0.1", "has '0.1' where an option=value belongs")]
    [InlineData("input preprocessing=Sepia\na relu", "has the preprocessing 'Sepia'")]
    [InlineData("input", "has no layer")]
    public void A_wrong_line_is_named(string text, string message)
    {
        using StateDict tensors = Tensors();

        var exception = Assert.Throws<CnnVizException>(() =>
        {
            _ = new ArchitectureMatch(Parse(text.Split('\n')), tensors);
        });

        Assert.Equal("DescriptionInvalid", exception.ErrorId);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private static Architecture Parse(params string[] lines) => NetworkDescription.Parse("net.txt", lines);

    private static StateDict Tensors(params (string Name, long[] Shape)[] tensors) => new(
        [.. tensors.Select(tensor => new StateTensor(tensor.Name, torch.ScalarType.Float32, tensor.Shape, () => torch.ones(tensor.Shape)))],
        "test");

    private CnnModel Import(string weights, string description)
    {
        string path = Path.Combine(_folder, "network.txt");
        File.WriteAllText(path, description);
        return ModelImporter.Import(weights, new ImportOptions { Architecture = path });
    }
}
