using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Import;

/// <summary>Files that normalize their image themselves, or say beside the network what it wants.</summary>
public sealed class InputNormalizationTests : EngineTest, IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");

    public void Dispose() => File.Delete(_path);

    public static TheoryData<string, string, PreprocessingSource> Kinds => new()
    {
        // Bytes, in every way to write it.
        { "t = Div(image, 255.0)", "None", PreprocessingSource.Metadata },
        { "t = Mul(image, 0.00392157)", "None", PreprocessingSource.Metadata },
        { "s = Sub(image, 127.5); t = Div(s, 127.5)", "None", PreprocessingSource.Metadata },
        { "s = Div(image, 127.5); t = Sub(s, 1.0)", "None", PreprocessingSource.Metadata },
        { "s = Sub(image, mean255); t = Div(s, std255)", "None", PreprocessingSource.Metadata },
        { "s = Div(image, 255.0); r = Sub(s, mean); t = Div(r, std)", "None", PreprocessingSource.Metadata },
        { "t = Sub(image, mean255)", "None", PreprocessingSource.Metadata },

        // 0…1.
        { "s = Sub(image, mean); t = Div(s, std)", "Unit", PreprocessingSource.Metadata },
        { "s = Mul(image, 2.0); t = Sub(s, 1.0)", "Unit", PreprocessingSource.Metadata },
        { "t = Mul(image, 255.0)", "Unit", PreprocessingSource.Metadata },
        { "s = Sub(image, cifarMean); t = Div(s, cifarStd)", "Unit", PreprocessingSource.Metadata },

        // What torchvision calls transform_input: from ImageNet's to −1…1, channel by channel.
        {
            "r0 = Gather<axis=1>(image, zero); u0 = Unsqueeze(r0, one); m0 = Mul(u0, 0.458); a0 = Add(m0, -0.03);"
            + "r1 = Gather<axis=1>(image, first); u1 = Unsqueeze(r1, one); m1 = Mul(u1, 0.448); a1 = Add(m1, -0.088);"
            + "r2 = Gather<axis=1>(image, second); u2 = Unsqueeze(r2, one); m2 = Mul(u2, 0.45); a2 = Add(m2, -0.188);"
            + "t = Concat<axis=1>(a0, a1, a2)",
            "ImageNet", PreprocessingSource.Metadata
        },

        // A batch normalization that remembers photos.
        { "t = BatchNormalization(image, ones, zeros, zeros, ones)", "ImageNet", PreprocessingSource.Metadata },
        { "t = BatchNormalization(image, ones, zeros, mean, var)", "Unit", PreprocessingSource.Metadata },
        { "t = BatchNormalization(image, ones, zeros, mean255, var255)", "None", PreprocessingSource.Metadata },

        // Nothing that tells.
        { "t = Mul(image, 1.0)", "ImageNet", PreprocessingSource.Guessed },
        { "t = Relu(image)", "ImageNet", PreprocessingSource.Guessed },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_network_that_normalizes_its_image_gets_it_in_the_range_before(string statements, string expected, PreprocessingSource source)
    {
        using CnnModel model = Import(Build(statements));

        Assert.Equal((expected, source), (model.Preprocessing.Name, model.Preprocessing.Source));
    }

    [Fact]
    public void Means_say_which_colour_comes_first()
    {
        using CnnModel blueFirst = Import(Build("t = Sub(image, mean255Bgr)"));
        using CnnModel turned = Import(Build("s = Gather<axis=1>(image, reversed); t = Sub(s, mean255Bgr)"));

        Assert.Equal((255f, ChannelOrder.Bgr), (blueFirst.Preprocessing.Scale, blueFirst.Preprocessing.ChannelOrder));
        Assert.Equal((255f, ChannelOrder.Rgb), (turned.Preprocessing.Scale, turned.Preprocessing.ChannelOrder));
    }

    [Fact]
    public void Pictures_reach_the_convolution_in_its_own_range()
    {
        using CnnModel model = Import(Build("s = Div(image, 255.0); r = Sub(s, mean); t = Div(r, std)"));
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor picture = torch.rand([1, 3, 8, 8]);
        int node = model.Graph.Nodes[model.GetLayer("y").Node].Inputs[0];

        float[] seen = model.Graph.SubGraph(node).Run(model.Preprocessing.Apply(picture)).ToFloats();

        float[] wanted = Preprocessing.ImageNet.Apply(picture).ToFloats();
        Assert.All(seen.Zip(wanted), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
    }

    [Fact]
    public void What_the_user_says_goes_before()
    {
        using CnnModel model = Import(Build("t = Div(image, 255.0)"), new ImportOptions { Preprocessing = Preprocessing.Symmetric });

        Assert.Equal("Symmetric", model.Preprocessing.Name);
    }

    [Fact]
    public void Ultralytics_tells_range_size_and_classes()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder()
            .Input("images", 1, 3, -1, -1)
            .Initializer(OnnxModelBuilder.Floats("model.0.conv.weight", OnnxModelBuilder.Noise(12, 1), 4, 3, 1, 1))
            .Initializer(OnnxModelBuilder.Floats("model.22.cv3.0.2.weight", OnnxModelBuilder.Noise(12, 2), 3, 4, 1, 1))
            .Node("Conv", ["images", "model.0.conv.weight"], ["/model.0/conv/Conv_output_0"])
            .Node("Conv", ["/model.0/conv/Conv_output_0", "model.22.cv3.0.2.weight"], ["/model.22/cv3.0/cv3.0.2/Conv_output_0"])
            .Output("/model.22/cv3.0/cv3.0.2/Conv_output_0");
        Say(builder.Model, "stride", "32");
        Say(builder.Model, "task", "detect");
        Say(builder.Model, "imgsz", "[96, 160]");
        Say(builder.Model, "names", "{0: 'person', 1: \"cat's eye\", 2: 'dog'}");

        using CnnModel model = Import(builder.Model);

        Assert.Equal(("Unit", PreprocessingSource.Metadata), (model.Preprocessing.Name, model.Preprocessing.Source));
        Assert.Equal((96, 160), (model.InputShape.Height, model.InputShape.Width));
        Assert.Equal(["person", "cat's eye", "dog"], model.Layers[^1].ClassNames);
    }

    private CnnModel Import(ModelProto model, ImportOptions? options = null)
    {
        using (FileStream file = File.Create(_path))
        {
            Google.Protobuf.MessageExtensions.WriteTo(model, file);
        }

        return ModelImporter.Import(_path, options ?? new ImportOptions());
    }

    // The statements make t of the image; y is a convolution of t.
    private static ModelProto Build(string statements)
    {
        ModelProto model = OnnxText.Parse(13, $"{statements}; y = Conv(t, float[4,3,1,1])", 1, 3, 8, 8);
        model.Graph.Node.RemoveAt(0);
        foreach ((string name, float[] values) in new (string, float[])[]
        {
            ("mean", [0.485f, 0.456f, 0.406f]), ("std", [0.229f, 0.224f, 0.225f]), ("var", [0.0724f, 0.07f, 0.075f]),
            ("mean255", [123.68f, 116.78f, 103.94f]), ("std255", [58.4f, 57.12f, 57.38f]), ("var255", [4700, 4600, 4900]),
            ("mean255Bgr", [103.94f, 116.78f, 123.68f]), ("cifarMean", [0.4914f, 0.4822f, 0.4465f]), ("cifarStd", [0.2023f, 0.1994f, 0.201f]),
        })
        {
            bool isVector = statements.Contains("BatchNormalization", StringComparison.Ordinal);
            model.Graph.Initializer.Add(OnnxModelBuilder.Floats(name, values, isVector ? [3] : [3, 1, 1]));
        }

        model.Graph.Initializer.Add(OnnxModelBuilder.Floats("ones", [1, 1, 1], 3));
        model.Graph.Initializer.Add(OnnxModelBuilder.Floats("zeros", [0, 0, 0], 3));
        model.Graph.Initializer.Add(OnnxModelBuilder.Longs("zero", [0]));
        model.Graph.Initializer.Add(OnnxModelBuilder.Longs("first", [1]));
        model.Graph.Initializer.Add(OnnxModelBuilder.Longs("second", [2]));
        model.Graph.Initializer.Add(OnnxModelBuilder.Longs("one", [1], 1));
        model.Graph.Initializer.Add(OnnxModelBuilder.Longs("reversed", [2, 1, 0], 3));
        return model;
    }

    private static void Say(ModelProto model, string key, string value) =>
        model.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
}
