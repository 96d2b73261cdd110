using CnnViz.Export;
using CnnViz.Import;
using CnnViz.Import.Keras;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Steps that the tests of the Keras reader share.</summary>
public abstract class KerasTest : EngineTest
{
    private const double Tolerance = 2e-5;

    /// <summary>The model as its user gets it.</summary>
    internal static CnnModel Load(byte[] content)
    {
        ModelSource source = KerasReader.Read("test.h5", content);
        var shape = new LayerShape(source.Channels, source.Height ?? 8, source.Width ?? 8, true);
        return new CnnModel(
            source.Graph, new ModelFacts("test", "test.h5", source.Format, string.Empty, shape, source.Preprocessing), torch.CPU);
    }

    internal static CnnModel Load(KerasFile file) => Load(file.ToHdf5());

    /// <summary>What the user is told of layers that are left out.</summary>
    internal static string? Remark(byte[] content)
    {
        ModelSource source = KerasReader.Read("test.h5", content);
        source.Graph.Dispose();
        return source.Remark;
    }

    internal static ModelFormatException Fails(byte[] content) =>
        Assert.Throws<ModelFormatException>(() => KerasReader.Read("test.h5", content).Graph.Dispose());

    /// <summary>Runs a model on an image, here and in ONNX Runtime from the file that it is written to, and compares the output.</summary>
    internal static void AssertOutput(Pixels expected, KerasFile file, Pixels image) => AssertOutput(expected, file.ToHdf5(), image);

    internal static void AssertOutput(Pixels expected, byte[] content, Pixels image)
    {
        using CnnModel model = Load(content);
        AssertClose(expected, Output(model, image));
        int[] shape = [1, image.Channels, image.Rows, image.Columns];
        (int[] dimensions, float[] values) = OnnxRuntimeReference.RunOutputs(OnnxWriter.ToProto(model), image.ToPlanes(), shape)[0];
        AssertClose(expected, FromOurs(values, dimensions));
    }

    /// <summary>The output for an image, or another value.</summary>
    internal static Pixels Output(CnnModel model, Pixels image, string? layer = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor input = torch.tensor(image.ToPlanes()).reshape(1, image.Channels, image.Rows, image.Columns);
        int node = layer is null ? model.Graph.Outputs[0] : model.GetLayer(layer).Node;
        torch.Tensor output = model.Graph.SubGraph(node).Run(input);
        return FromOurs(output.ToFloats(), [.. output.shape.Select(size => (int)size)]);
    }

    internal static void AssertClose(Pixels expected, Pixels actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        for (int i = 0; i < expected.Values.Length; i++)
        {
            (float wanted, float got) = (expected.Values[i], actual.Values[i]);
            Assert.True(Math.Abs(wanted - got) <= Tolerance * (1 + Math.Abs(wanted)), $"value {i} is {got}, not {wanted}");
        }
    }

    private static Pixels FromOurs(float[] values, int[] shape) => shape.Length == 4
        ? Pixels.FromPlanes(values, shape[1], shape[2], shape[3])
        : new Pixels(values, shape[1..]);
}
