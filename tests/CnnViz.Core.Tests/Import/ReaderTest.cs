using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;

namespace CnnViz.Tests.Import;

/// <summary>Steps that the tests of the ONNX reader share.</summary>
public abstract class ReaderTest : EngineTest, IDisposable
{
    /// <summary>A folder for the test alone.</summary>
    protected string Folder { get; } = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    internal static CnnVizException ReadFails(ModelProto model) => ReadFails(model.ToByteArray());

    internal static CnnVizException ReadFails(byte[] content) =>
        Assert.ThrowsAny<CnnVizException>(() => OnnxReader.Read("test.onnx", content).Graph.Dispose());

    /// <summary>The value of the last node for a fixed noise image of 1×3×8×8.</summary>
    internal float[] Output(ModelProto model)
    {
        using Graph graph = OnnxReader.Read(Path.Combine(Folder, "test.onnx"), model.ToByteArray()).Graph;
        return Output(graph);
    }

    internal static float[] Output(Graph graph)
    {
        using torch.Tensor image = torch.tensor(OnnxModelBuilder.Noise(192, 5)).reshape(1, 3, 8, 8);
        using torch.Tensor output = graph.SubGraph(graph.Nodes.Count - 1).Run(image);
        return output.ToFloats();
    }

    /// <summary>The model as its user gets it.</summary>
    internal static CnnModel Load(ModelProto proto) => Load(proto.ToByteArray());

    internal static CnnModel Load(byte[] content)
    {
        ModelSource source = OnnxReader.Read("test.onnx", content);
        var shape = new LayerShape(source.Channels, source.Height ?? 8, source.Width ?? 8, true);
        return new CnnModel(
            source.Graph, new ModelFacts("test", "test.onnx", "ONNX", string.Empty, shape, Preprocessing.Unit), torch.CPU);
    }
}
