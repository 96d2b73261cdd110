using CnnViz.Import.Onnx.Protocol;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace CnnViz.Tests.Import;

/// <summary>Runs a model in ONNX Runtime and keeps the values that a test asks for.</summary>
internal static class OnnxRuntimeReference
{
    /// <summary>The model's own outputs for one input, with their shapes.</summary>
    public static IReadOnlyList<(int[] Shape, float[] Values)> RunOutputs(ModelProto model, float[] input, int[] shape)
    {
        using SessionOptions options = Options();
        using var session = new InferenceSession(model.ToByteArray(), options);
        NamedOnnxValue[] feed = [NamedOnnxValue.CreateFromTensor(session.InputNames.Single(), new DenseTensor<float>(input, shape))];
        string[] names = [.. model.Graph.Output.Select(output => output.Name)];
        using var results = session.Run(feed, names);
        return [.. names.Select(name => results.Single(result => result.Name == name).AsTensor<float>())
            .Select(tensor => (tensor.Dimensions.ToArray(), tensor.ToArray()))];
    }

    /// <summary>The named values for one input.</summary>
    public static Dictionary<string, float[]> Run(ModelProto model, string folder, float[] input, int[] shape, IReadOnlyCollection<string> values)
    {
        ModelProto observed = model.Clone();
        HashSet<string> outputs = [.. observed.Graph.Output.Select(output => output.Name)];
        observed.Graph.Output.AddRange(values.Where(outputs.Add).Select(name => new ValueInfoProto { Name = name }));

        // External data is found from the working folder, so such models are run from a file beside it.
        string path = Path.Combine(folder, $"{Guid.NewGuid():N}.onnx");
        File.WriteAllBytes(path, observed.ToByteArray());
        try
        {
            using SessionOptions options = Options();
            using var session = new InferenceSession(path, options);
            string name = session.InputNames.Single(candidate => !session.OverridableInitializerMetadata.ContainsKey(candidate));
            NamedOnnxValue[] feed = [NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(input, shape))];
            using var results = session.Run(feed, [.. values]);
            return results.ToDictionary(result => result.Name, result => result.AsEnumerable<float>().ToArray());
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>
    /// The largest difference, relative to the largest value; below 0.01 the runtime's own sigmoid is no longer that exact.
    /// </summary>
    public static double WorstError(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = Math.Max(1e-2, expected.Max(value => Math.Abs((double)value)));
        return expected.Zip(actual, (a, b) => float.IsFinite(b) ? Math.Abs((double)a - b) : double.PositiveInfinity).Max() / scale;
    }

    private static SessionOptions Options() => new()
    {
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
        LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
    };
}
