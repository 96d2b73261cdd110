using System.Runtime.InteropServices;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Showing.Files;
using Google.Protobuf;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import;

/// <summary>Every layer of real models gives what ONNX Runtime gives.</summary>
public sealed class OnnxModelParityTests(ITestOutputHelper output) : EngineTest
{
    private const double Tolerance = 1e-4;

    [SkippableTheory]
    [InlineData("googlenet.onnx", 1, 128)]
    [InlineData("squeezenet1.1.onnx", 1, 64)]
    [InlineData("mnist_cntk.onnx", 1, 10)]
    [InlineData("ultraface_rfb320.onnx", 1, 100)]
    [InlineData("ppocr_v4_det.onnx", 1, 200)]
    [InlineData("light/light_bvlc_alexnet.onnx", 1, 15)]
    [InlineData("light/light_densenet121.onnx", 1, 300)]
    [InlineData("light/light_inception_v1.onnx", 1, 120)]
    [InlineData("light/light_resnet50.onnx", 1, 120)]
    [InlineData("light/light_squeezenet.onnx", 1, 60)]
    [InlineData("light/light_vgg19.onnx", 1, 40)]
    public void Every_layer_agrees_with_onnx_runtime(string file, int seed, int atLeast)
    {
        string path = TestFiles.Shared(["models", .. file.Split('/')]);
        ModelProto proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(path));
        RandomizeConstantWeights(proto, new Random(seed));
        Compare(path, proto, seed, atLeast);
    }

    private void Compare(string path, ModelProto proto, int seed, int atLeast)
    {
        using CnnModel model = Load(path, proto);
        int[] shape = [1, model.InputShape.Channels, model.InputShape.Height, model.InputShape.Width];
        float[] input = Picture(shape, seed);
        GraphNode[] layers = [.. model.Layers.Select(layer => model.Graph.Nodes[layer.Node])];
        Dictionary<string, float[]> expected = OnnxRuntimeReference.Run(
            proto, Path.GetTempPath(), input, shape, [.. layers.Select(layer => layer.Source)]);

        var actual = new Dictionary<string, float[]>();
        using (DisposeScope scope = torch.NewDisposeScope())
        using (torch.no_grad())
        {
            torch.Tensor image = torch.tensor(input).reshape([.. shape.Select(size => (long)size)]);
            int[] nodes = [.. model.Layers.Select(layer => layer.Node)];
            model.Graph.SubGraph(nodes).Run(image, (node, value) => actual[model.Graph.Nodes[node].Source] = value.ToFloats());
        }

        (string Name, double Error)[] errors =
            [.. layers.Select(layer => (layer.Name, OnnxRuntimeReference.WorstError(expected[layer.Source], actual[layer.Source])))];
        (string worst, double error) = errors.MaxBy(pair => pair.Error);
        output.WriteLine($"{Path.GetFileName(path)}: {errors.Length} layers, worst error {error:0.0e+0} at '{worst}'");
        Assert.True(errors.Length >= atLeast, $"only {errors.Length} layers");
        Assert.All(errors, pair => Assert.True(pair.Error <= Tolerance, $"{pair.Name}: {pair.Error:0.0e+0}"));
    }

    private static CnnModel Load(string path, ModelProto proto)
    {
        var source = OnnxReader.Read(path, proto.ToByteArray());
        var shape = new LayerShape(source.Channels, source.Height ?? 160, source.Width ?? 192, true);
        return new CnnModel(source.Graph, new ModelFacts("test", path, "ONNX", string.Empty, shape, Preprocessing.Unit), torch.CPU);
    }

    private static float[] Picture(int[] shape, int seed)
    {
        var random = new Random(seed);
        int count = shape.Aggregate(1, (product, size) => product * size);
        return [.. Enumerable.Range(0, count).Select(i => (float)(Math.Sin(i * 0.013) + random.NextDouble() - 0.5))];
    }

    // The graphs under light/ fill their weights with one constant, which would hide most mistakes.
    private static void RandomizeConstantWeights(ModelProto model, Random random)
    {
        Dictionary<string, TensorProto> shapes = model.Graph.Initializer.ToDictionary(tensor => tensor.Name);
        NodeProto[] fills = [.. model.Graph.Node.Where(node => node.OpType == "ConstantOfShape" && shapes.ContainsKey(node.Input[0]))];
        float[] noise = [.. Enumerable.Range(0, 65_521).Select(_ => random.NextSingle())];
        foreach (NodeProto fill in fills)
        {
            TensorProto shape = shapes[fill.Input[0]];
            long[] dims = shape.Int64Data.Count > 0
                ? [.. shape.Int64Data]
                : MemoryMarshal.Cast<byte, long>(shape.RawData.Span).ToArray();
            int count = (int)dims.Aggregate(1L, (product, size) => product * size);
            double scale = dims.Length > 1 ? Math.Sqrt(6.0 * dims[0] / count) : 0;
            float[] values = [.. Enumerable.Range(0, count).Select(i => noise[i % noise.Length])
                .Select(value => dims.Length > 1 ? (float)((value * 2 - 1) * scale) : 0.5f + value)];
            var weights = new TensorProto
            {
                Name = fill.Output[0],
                DataType = (int)TensorProto.Types.DataType.Float,
                RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
            };
            weights.Dims.AddRange(dims);
            model.Graph.Node.Remove(fill);
            model.Graph.Initializer.Add(weights);
        }
    }
}
