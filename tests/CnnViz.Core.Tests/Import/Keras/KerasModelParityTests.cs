using System.Text.Json;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Keras;

/// <summary>Layers of real models give what a reference implementation gives, to the precision of the numbers.</summary>
public sealed class KerasModelParityTests(ITestOutputHelper output) : EngineTest
{
    [SkippableTheory]
    [InlineData("vww_96.json", "models/vww_96.h5")]
    [InlineData("pretrainedResnet.json", "models/pretrainedResnet.h5")]
    [InlineData("fer2013_mini_XCEPTION.json", "models/fer2013_mini_xception.hdf5")]
    [InlineData("synthetic_sequential.json", "parity/keras/synthetic_sequential.h5")]
    public void Every_record_of_a_model_is_met(string record, string file)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(TestFiles.Shared("parity", "keras", record)));
        using CnnModel model = ModelImporter.Import(TestFiles.Shared(file.Split('/')), new ImportOptions());
        int points = 0;
        double worst = 0;
        foreach (JsonElement expected in json.RootElement.GetProperty("outputs").EnumerateArray())
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor image = Image(json.RootElement, expected.GetProperty("seed").GetInt32());
            Dictionary<string, (long[] Shape, float[] Values)> values = Run(model, image);
            float[] final = values[model.Graph.Nodes[^1].Name].Values;
            AssertClose(Numbers(expected, "final"), final, value => 1e-4 * Math.Abs(value) + 1e-6, "final");
            foreach (JsonProperty point in expected.GetProperty("points").EnumerateObject())
            {
                worst = Math.Max(worst, AssertPoint(json.RootElement, point, values, model));
                points++;
            }
        }

        output.WriteLine($"{file}: {points} points, worst error {worst:0.0e+0} of the standard deviation");
    }

    private static double AssertPoint(
        JsonElement record, JsonProperty point, Dictionary<string, (long[] Shape, float[] Values)> values, CnnModel model)
    {
        // A layer's output is that of its activation, if it has one.
        string node = model.Graph.Nodes.Select(node => node.Name)
            .Last(name => name == point.Name || name.StartsWith($"{point.Name}/", StringComparison.Ordinal));
        (long[] shape, float[] actual) = values[node];
        Assert.Equal(Numbers(point.Value, "shape").Select(size => (long)size), shape);
        float[] ordered = PixelByPixel(record, point.Name, actual);
        double[] at = Numbers(point.Value, "at");
        double std = point.Value.GetProperty("std").GetDouble();
        double tolerance = 10 * point.Value.GetProperty("f32_err").GetDouble() + 1e-4 * std;
        Assert.Equal(point.Value.GetProperty("mean").GetDouble(), ordered.Average(value => (double)value), tolerance);
        Assert.Equal(point.Value.GetProperty("max").GetDouble(), ordered.Max(), tolerance);
        AssertClose(Numbers(point.Value, "first8"), ordered[..Math.Min(8, ordered.Length)], _ => tolerance, point.Name);
        float[] picked = [.. at.Select(index => ordered[(int)index])];
        return AssertClose(Numbers(point.Value, "values"), picked, _ => tolerance, point.Name) / std;
    }

    // A flattened map is pixel by pixel in Keras and channel by channel here.
    private static float[] PixelByPixel(JsonElement record, string name, float[] values)
    {
        JsonElement[] layers = [.. record.GetProperty("layers").EnumerateArray()];
        int layer = Array.FindIndex(layers, candidate => candidate[0].GetString() == name);
        if (layers[layer][1].GetString() != "Flatten")
        {
            return values;
        }

        int channels = layers[layer - 1][5][1].GetInt32();
        int pixels = values.Length / channels;
        return [.. Enumerable.Range(0, values.Length).Select(i => values[i % channels * pixels + i / channels])];
    }

    private static Dictionary<string, (long[] Shape, float[] Values)> Run(CnnModel model, torch.Tensor image)
    {
        using var noGradients = torch.no_grad();
        var values = new Dictionary<string, (long[], float[])>();
        int[] all = [.. Enumerable.Range(0, model.Graph.Nodes.Count)];
        model.Graph.SubGraph(all).Run(image, (node, value) => values[model.Graph.Nodes[node].Name] = (value.shape, value.ToFloats()));
        return values;
    }

    // The rule of the records: 0.5 + 0.5·sin(0.05·(h+1)·(c+1) + 0.031·(w+1) + seed), times a scale or spread over −1…1.
    private static torch.Tensor Image(JsonElement record, int seed)
    {
        int[] shape = [.. Numbers(record, "input_shape").Select(size => (int)size)];
        string rule = record.GetProperty("input_rule").GetString()!;
        (double scale, double offset) = rule.Contains("S=255", StringComparison.Ordinal) ? (255, 0)
            : rule.Contains("2*(", StringComparison.Ordinal) ? (2, -1)
            : (1.0, 0.0);
        var values = new float[1, shape[3], shape[1], shape[2]];
        for (int c = 0; c < shape[3]; c++)
        {
            for (int h = 0; h < shape[1]; h++)
            {
                for (int w = 0; w < shape[2]; w++)
                {
                    double wave = 0.5 + 0.5 * Math.Sin(0.05 * (h + 1) * (c + 1) + 0.031 * (w + 1) + seed);
                    values[0, c, h, w] = (float)(scale * wave + offset);
                }
            }
        }

        return torch.tensor(values);
    }

    private static double AssertClose(double[] expected, float[] actual, Func<double, double> tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = 0;
        foreach ((double value, float got) in expected.Zip(actual))
        {
            Assert.True(Math.Abs(got - value) <= tolerance(value), $"{what}: {got} instead of {value}");
            worst = Math.Max(worst, Math.Abs(got - value));
        }

        return worst;
    }

    private static double[] Numbers(JsonElement json, string name) =>
        [.. json.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];
}
