using CnnViz.Import;
using CnnViz.Import.Keras;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using PureHDF;
using TorchSharp;

namespace CnnViz.Tests.Import.Keras;

/// <summary>
/// Files of weights for networks of keras.applications. The weights are of the networks' own kernel sizes and of fewer channels, so that
/// any mistake in the order of the layers shows as a kernel that does not fit.
/// </summary>
public sealed class KerasApplicationTests : KerasTest
{
    [Theory]
    [InlineData("vgg16", true, 13)]
    [InlineData("vgg19", false, 16)]
    public void Vgg(string name, bool top, int convolutions)
    {
        var weights = new Dictionary<string, Pixels[]>();
        int[] depths = name == "vgg16" ? [2, 2, 3, 3, 3] : [2, 2, 4, 4, 4];
        for (int block = 1; block <= 5; block++)
        {
            for (int i = 1; i <= depths[block - 1]; i++)
            {
                weights[$"block{block}_conv{i}"] = [Pixels.Wave(3, 3, (block, i) == (1, 1) ? 3 : 2, 2), Pixels.Wave(2)];
            }
        }

        if (top)
        {
            weights["fc1"] = [Pixels.Wave(7 * 7 * 2, 5), Pixels.Wave(5)];
            weights["fc2"] = [Pixels.Wave(5, 4), Pixels.Wave(4)];
            weights["predictions"] = [Pixels.Wave(4, 3), Pixels.Wave(3)];
        }

        using CnnModel model = Load(weights, name, "Custom (BGR, 0…255, minus 103.939, 116.779, 123.68)");
        Assert.Equal(convolutions, model.Layers.Count(layer => layer.Kind == "Conv2d"));
        Assert.Equal("2×7×7", model.GetLayer("block5_pool").OutputShape.ToString());
        if (top)
        {
            Assert.Equal(3, model.GetLayer("predictions/softmax").Filters);
        }

        Pixels image = Pixels.Wave(8, 8, 3);
        Pixels first = KerasReference.Conv(image, weights["block1_conv1"][0], weights["block1_conv1"][1], same: true);
        AssertClose(first, Output(model, image, "block1_conv1"));
        Pixels second = KerasReference.Conv(
            first.Select(value => Math.Max(value, 0)), weights["block1_conv2"][0], weights["block1_conv2"][1], same: true);
        Pixels pooled = KerasReference.Pool(second.Select(value => Math.Max(value, 0)), 2, 2, same: false, max: true);
        AssertClose(pooled, Output(model, image, "block1_pool"));
    }

    [Fact]
    public void Resnet50()
    {
        var weights = new Dictionary<string, Pixels[]>();
        void Add(string name, int size, int inputs, int outputs)
        {
            weights[$"{name}_conv"] = [Pixels.Wave(size, size, inputs, outputs), Pixels.Wave(outputs)];
            weights[$"{name}_bn"] = Norm(outputs);
        }

        Add("conv1", 7, 3, 2);
        int channels = 2;
        int[] depths = [3, 4, 6, 3];
        for (int stage = 0; stage < 4; stage++)
        {
            int inner = 2 + stage;
            for (int i = 1; i <= depths[stage]; i++)
            {
                string name = $"conv{stage + 2}_block{i}";
                if (i == 1)
                {
                    Add($"{name}_0", 1, channels, 4 * inner);
                }

                Add($"{name}_1", 1, channels, inner);
                Add($"{name}_2", 3, inner, inner);
                Add($"{name}_3", 1, inner, channels = 4 * inner);
            }
        }

        weights["predictions"] = [Pixels.Wave(20, 3), Pixels.Wave(3)];
        using CnnModel model = Load(weights, "resnet50", "Custom (BGR, 0…255, minus 103.939, 116.779, 123.68)");
        Assert.Equal(53, model.Layers.Count(layer => layer.Kind == "Conv2d"));
        Assert.Equal("8×56×56", model.GetLayer("conv2_block3_out").OutputShape.ToString());
        Assert.Equal("20×7×7", model.GetLayer("conv5_block3_out").OutputShape.ToString());
    }

    [Fact]
    public void Mobilenet_of_any_width()
    {
        var weights = new Dictionary<string, Pixels[]> { ["conv1"] = [Pixels.Wave(3, 3, 3, 2)], ["conv1_bn"] = Norm(2) };
        for (int i = 1; i <= 13; i++)
        {
            (int inputs, int outputs) = (1 + i, 2 + i);
            weights[$"conv_dw_{i}"] = [Pixels.Wave(3, 3, inputs, 1)];
            weights[$"conv_dw_{i}_bn"] = Norm(inputs);
            weights[$"conv_pw_{i}"] = [Pixels.Wave(1, 1, inputs, outputs)];
            weights[$"conv_pw_{i}_bn"] = Norm(outputs);
        }

        weights["conv_preds"] = [Pixels.Wave(1, 1, 15, 4), Pixels.Wave(4)];
        using CnnModel model = Load(weights, "mobilenet", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)");
        Assert.Equal("3×112×112", model.GetLayer("conv_pw_1").OutputShape.ToString());
        Assert.Equal("15×7×7", model.GetLayer("conv_pw_13_relu").OutputShape.ToString());
        Assert.Equal(4, model.GetLayer("predictions").Filters);
    }

    // Kernels, in the order in which Keras makes them: rows, columns, inputs and outputs, of 32 times as many channels.
    [Theory]
    [InlineData(1, true)]
    [InlineData(283, false)]
    public void Inception_v3_by_the_order_of_its_numbers(int firstNumber, bool top)
    {
        List<(int Rows, int Columns, int Outputs, int Inputs)> kernels =
            [(3, 3, 1, 3), (3, 3, 1, 1), (3, 3, 2, 1), (1, 1, 3, 2), (3, 3, 6, 3)];
        int channels = 6;
        void Branch(params (int Rows, int Columns, int Outputs)[] chain)
        {
            int inputs = channels;
            foreach ((int rows, int columns, int outputs) in chain)
            {
                kernels.Add((rows, columns, outputs, inputs));
                inputs = outputs;
            }
        }

        for (int i = 0; i < 3; i++)
        {
            Branch((1, 1, 2));
            Branch((1, 1, 3), (5, 5, 2));
            Branch((1, 1, 2), (3, 3, 3), (3, 3, 3));
            Branch((1, 1, 1 + Math.Min(i, 1)));
            channels = 8 + Math.Min(i, 1);
        }

        Branch((3, 3, 12));
        Branch((1, 1, 2), (3, 3, 3), (3, 3, 3));
        channels = 12 + 3 + 9;
        for (int i = 0; i < 4; i++)
        {
            int inner = new[] { 4, 5, 5, 6 }[i];
            Branch((1, 1, 6));
            Branch((1, 1, inner), (1, 7, inner), (7, 1, 6));
            Branch((1, 1, inner), (7, 1, inner), (1, 7, inner), (7, 1, inner), (1, 7, 6));
            Branch((1, 1, 6));
        }

        Branch((1, 1, 6), (3, 3, 10));
        Branch((1, 1, 6), (1, 7, 6), (7, 1, 6), (3, 3, 6));
        channels = 10 + 6 + 24;
        for (int i = 0; i < 2; i++)
        {
            Branch((1, 1, 10));
            Branch((1, 1, 12), (1, 3, 12));
            kernels.Add((3, 1, 12, 12));
            Branch((1, 1, 14), (3, 3, 12), (1, 3, 12));
            kernels.Add((3, 1, 12, 12));
            Branch((1, 1, 6));
            channels = 10 + 24 + 24 + 6;
        }

        Assert.Equal(94, kernels.Count);
        var weights = new Dictionary<string, Pixels[]>();
        for (int i = 0; i < kernels.Count; i++)
        {
            (int rows, int columns, int outputs, int inputs) = kernels[i];
            weights[$"conv2d_{firstNumber + i}"] = [Pixels.Wave(rows, columns, inputs, outputs)];
            weights[$"batch_normalization_{firstNumber + i}"] = Norm(outputs)[1..];
        }

        if (top)
        {
            weights["predictions"] = [Pixels.Wave(64, 3), Pixels.Wave(3)];
        }

        // Files list layers by depth, not by number.
        using CnnModel model = Load(weights.Reverse().ToDictionary(), "inception_v3", "Symmetric (RGB, 0…1, minus 0.5, divided by 0.5)");
        Assert.Equal("24×17×17", model.GetLayer("mixed3").OutputShape.ToString());
        Assert.Equal("64×8×8", model.GetLayer("mixed10").OutputShape.ToString());
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        byte[] content = Write(new() { ["block1_conv1"] = [Pixels.Wave(3, 3, 3, 2), Pixels.Wave(2)] });
        ModelFormatException error = Fails(content);
        Assert.Equal("ArchitectureNotFound", error.ErrorId);
        Assert.Contains("block1_conv1  0 3×3×3×2, 1 2", error.Details, StringComparison.Ordinal);
    }

    private static CnnModel Load(Dictionary<string, Pixels[]> weights, string name, string preprocessing)
    {
        ModelSource source = KerasReader.Read("test.h5", Write(weights));
        Assert.Equal(name, source.Architecture);
        Assert.Equal(PreprocessingSource.Convention, source.Preprocessing.Source);
        Assert.Equal(preprocessing, source.Preprocessing.ToString());
        using (Graph same = KerasReader.Read("test.h5", Write(weights), name.ToUpperInvariant()).Graph)
        {
            Assert.Equal(source.Graph.Nodes.Count, same.Nodes.Count);
        }

        Assert.Throws<ModelFormatException>(() => KerasReader.Read("test.h5", Write(weights), "vgg11"));
        var shape = new LayerShape(source.Channels, source.UsualSize, source.UsualSize, true);
        return new CnnModel(source.Graph, new ModelFacts("test", "test.h5", "Keras", string.Empty, shape, source.Preprocessing), torch.CPU);
    }

    private static byte[] Write(Dictionary<string, Pixels[]> weights)
    {
        var file = new H5File { Attributes = { ["layer_names"] = weights.Keys.ToArray(), ["backend"] = "tensorflow" } };
        foreach ((string layer, Pixels[] values) in weights)
        {
            var group = new H5Group { Attributes = { ["weight_names"] = values.Select((_, i) => $"{layer}/{i}").ToArray() } };
            var inner = new H5Group();
            for (int i = 0; i < values.Length; i++)
            {
                inner[$"{i}"] = KerasFile.Plain(values[i]);
            }

            group[layer] = inner;
            file[layer] = group;
        }

        return KerasFile.ToBytes(file);
    }

    private static Pixels[] Norm(int channels) =>
        [Pixels.Positive(channels), Pixels.Wave(channels), Pixels.Wave(channels), Pixels.Positive(channels)];
}
