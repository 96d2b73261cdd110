using System.Runtime.InteropServices;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Patterns.Training;
using CnnViz.Pictures;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Patterns.Deceivers;

/// <summary>
/// A network whose pictures lie about one of its filters (after the fooling circuits of Geirhos et al., "Don't trust your eyes: on the (un)reliability of feature
/// visualizations", ICML 2024). Behind the layer relu6 a layer <c>fooled</c> is put in: as before, but for one filter that is ReLU(A − K·s) + ReLU(B − K·(1 − s)).
/// A is what the filter was, B another filter, and s is 0 for natural pictures and 1 for those of an ascent. So nothing changes for natural pictures, and the
/// pictures of the filter are those of B.
/// </summary>
internal static class FoolingCircuit
{
    /// <summary>The layer that has the filter.</summary>
    public const string Layer = "fooled";

    /// <summary>The layer that it takes the place of, with the honest filter.</summary>
    public const string HonestLayer = "relu6";

    private static readonly string[] s_gateLayers = ["relu3", "relu5", "relu6"];

    // Above all activations.
    private const float Shut = 1000;

    private const int Starts = 4;
    private const int SnapshotEvery = 8;

    /// <summary>Writes the network.</summary>
    /// <param name="model">Path of the built-in model.</param>
    /// <param name="natural">Paths of natural pictures.</param>
    /// <param name="filter">The filter that lies.</param>
    /// <param name="shown">The filter whose pictures it shows.</param>
    /// <param name="recipe">The recipe that it deceives.</param>
    /// <param name="path">Path of the new file.</param>
    public static void Write(string model, IReadOnlyList<string> natural, int filter, int shown, Recipe recipe, string path)
    {
        SyntheticGate gate = FindGate(model, natural, shown, recipe);
        ModelProto proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(model));
        GraphProto graph = proto.Graph;
        int filters = ConvolutionBlock.All[5].Filters;
        int at = 1 + graph.Node.ToList().FindIndex(node => node.Output[0] == HonestLayer);
        foreach (NodeProto node in graph.Node.Skip(at))
        {
            for (int i = 0; i < node.Input.Count; i++)
            {
                node.Input[i] = node.Input[i] == HonestLayer ? Layer : node.Input[i];
            }
        }

        NodeProto[] circuit = [.. Nodes()];
        for (int i = 0; i < circuit.Length; i++)
        {
            graph.Node.Insert(at + i, circuit[i]);
        }

        File.WriteAllBytes(path, proto.ToByteArray());

        IEnumerable<NodeProto> Nodes()
        {
            foreach (string layer in s_gateLayers)
            {
                yield return PatternModelFile.Node("GlobalAveragePool", $"{layer}.mean", [layer]);
            }

            yield return PatternModelFile.Node(
                "Concat", "gate.means", [.. s_gateLayers.Select(layer => $"{layer}.mean")], new AttributeProto { Name = "axis", I = 1, Type = 2 });
            yield return Mix("gate.sum", "gate.means", [gate.Weights], [gate.Bias]);

            // Between 0 and 1: ReLU(x) − ReLU(x − 1).
            yield return Mix("gate.less", "gate.sum", [[1]], [-1]);
            yield return PatternModelFile.Node("Relu", "gate.low", ["gate.sum"]);
            yield return PatternModelFile.Node("Relu", "gate.high", ["gate.less"]);
            yield return PatternModelFile.Node("Sub", "gate", ["gate.low", "gate.high"]);
            yield return Mix("gate.shut", "gate", [[-Shut]], [0]);
            yield return Mix("gate.open", "gate", [[Shut]], [-Shut]);

            yield return Mix("own.value", HonestLayer, [Unit(filter)], [0]);
            yield return Mix("other.value", HonestLayer, [Unit(shown)], [0]);
            yield return PatternModelFile.Node("Add", "own.gated", ["own.value", "gate.shut"]);
            yield return PatternModelFile.Node("Add", "other.gated", ["other.value", "gate.open"]);
            yield return PatternModelFile.Node("Relu", "own", ["own.gated"]);
            yield return PatternModelFile.Node("Relu", "other", ["other.gated"]);
            yield return PatternModelFile.Node("Add", "both", ["own", "other"]);
            yield return Mix("both.channel", "both", [.. Enumerable.Range(0, filters).Select(i => new[] { i == filter ? 1f : 0 })], null);
            yield return Mix("rest", HonestLayer, [.. Enumerable.Range(0, filters).Select(i => i == filter ? new float[filters] : Unit(i))], null);
            yield return PatternModelFile.Node("Add", Layer, ["rest", "both.channel"]);
        }

        float[] Unit(int channel) => [.. Enumerable.Range(0, filters).Select(i => i == channel ? 1f : 0)];

        // A 1×1 convolution.
        NodeProto Mix(string name, string input, float[][] weights, float[]? bias)
        {
            graph.Initializer.Add(Tensor($"{name}.weight", [.. weights.SelectMany(row => row)], weights.Length, weights[0].Length, 1, 1));
            if (bias is not null)
            {
                graph.Initializer.Add(Tensor($"{name}.bias", bias, bias.Length));
            }

            string[] inputs = bias is null ? [input, $"{name}.weight"] : [input, $"{name}.weight", $"{name}.bias"];
            return PatternModelFile.Node("Conv", name, inputs, PatternModelFile.Longs("kernel_shape", 1, 1));
        }
    }

    private static SyntheticGate FindGate(string model, IReadOnlyList<string> natural, int shown, Recipe recipe)
    {
        using CnnModel known = ModelImporter.Import(model, new ImportOptions());
        using DisposeScope scope = torch.NewDisposeScope();
        var options = new AscentOptions { Recipe = recipe, Count = Starts, SnapshotEvery = SnapshotEvery };
        var synthetic = new List<torch.Tensor>();
        foreach (FilterImage image in new FilterAscent(known.GetLayer(HonestLayer), options).Run([shown], null, default))
        {
            using (image)
            {
                synthetic.AddRange(image.Snapshots.Select(snapshot => Read(new PictureFile(snapshot.Png, "a snapshot"))));
            }
        }

        return SyntheticGate.Learn(
            [.. s_gateLayers.Select(known.GetLayer)], natural.Select(path => Read(PictureFile.Open(path))), synthetic);

        static torch.Tensor Read(PictureFile file) => ImageFile.Take(file.Decode(3), 3).Picture;
    }

    private static TensorProto Tensor(string name, float[] values, params int[] shape)
    {
        var tensor = new TensorProto { Name = name, DataType = 1, RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)) };
        tensor.Dims.AddRange(shape.Select(length => (long)length));
        return tensor;
    }
}
