using CnnViz.Import;
using CnnViz.Import.Onnx;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using Google.Protobuf;
using TorchSharp;
using Xunit.Sdk;

namespace CnnViz.Tests.Import;

/// <summary>Each operator gives what ONNX Runtime gives. The cases are in one class a family.</summary>
public abstract class OnnxOperatorParityTests : EngineTest
{
    /// <summary>Shape of the image where a case has none of its own: two images, so that mistakes across images show.</summary>
    protected const string Image = "2,4,9,10";

    private const double Tolerance = 1e-4;

    /// <summary>Runs statements (see <see cref="OnnxText"/>) in both engines and compares all outputs of the last.</summary>
    protected static void AssertSameAsOnnxRuntime(int opset, string statements, string image)
    {
        long[] shape = [.. image.Split(',').Select(long.Parse)];
        AssertSameAsOnnxRuntime(OnnxText.Parse(opset, statements, shape), image, statements);
    }

    /// <summary>As with statements.</summary>
    internal static void AssertSameAsOnnxRuntime(ModelProto model, string image, string statements = "model")
    {
        long[] shape = [.. image.Split(',').Select(long.Parse)];
        float[] picture = OnnxModelBuilder.Noise(shape.Aggregate(1L, (product, size) => product * size), 3);
        try
        {
            Compare(model, picture, shape);
        }
        catch (Exception exception)
        {
            // The runner cuts long arguments short.
            throw new XunitException($"{statements}: {exception.Message}", exception);
        }
    }

    private static void Compare(ModelProto model, float[] picture, long[] shape)
    {
        var expected = OnnxRuntimeReference.RunOutputs(model, picture, [.. shape.Select(size => (int)size)]);
        using Graph graph = OnnxReader.Read("test.onnx", model.ToByteArray()).Graph;
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = torch.tensor(picture).reshape(shape);
        foreach ((string name, (int[] expectedShape, float[] values)) in model.Graph.Output.Select(output => output.Name).Zip(expected))
        {
            int node = graph.Nodes.ToList().FindLastIndex(candidate => candidate.Source == name);
            torch.Tensor actual = graph.SubGraph(node).Run(input);
            Assert.Equal(expectedShape, actual.shape.Select(size => (int)size));
            double error = OnnxRuntimeReference.WorstError(values, actual.ToFloats());
            Assert.True(error <= Tolerance, $"'{name}' differs by {error:0.0e+0}");
        }
    }
}
