using System.Text.Json;
using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Architectures;

public sealed class TorchvisionParityTests(ITestOutputHelper output) : EngineTest
{
    [SkippableTheory]
    [InlineData("alexnet")]
    [InlineData("convnext_tiny")]
    [InlineData("densenet121")]
    [InlineData("efficientnet_b0")]
    [InlineData("efficientnet_v2_s")]
    [InlineData("googlenet")]
    [InlineData("googlenet_transform")]
    [InlineData("inception_v3")]
    [InlineData("inception_v3_transform")]
    [InlineData("mobilenet_v2")]
    [InlineData("mobilenet_v3_large")]
    [InlineData("regnet_y_400mf")]
    [InlineData("resnet18")]
    [InlineData("resnet50")]
    [InlineData("resnext50_32x4d")]
    [InlineData("shufflenet_v2_x1_0")]
    [InlineData("squeezenet1_1")]
    [InlineData("vgg11")]
    [InlineData("vgg16")]
    [InlineData("vgg19")]
    [InlineData("vgg19_bn")]
    [InlineData("wide_resnet50_2")]
    public void An_architecture_gives_what_torchvision_gives(string record)
    {
        string path = TestFiles.Shared("parity", "torchvision", $"{record}.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(path));
        JsonElement root = document.RootElement;
        using StateDict tensors = Tensors(root);
        Architecture architecture = ArchitectureList.Find(root.GetProperty("factory").GetString()!)!;
        var match = new ArchitectureMatch(architecture, tensors);
        Assert.True(match.Fits);

        using Graph graph = match.Build();
        using torch.Tensor image = Image(root, architecture);
        JsonProperty[] points = [.. root.GetProperty("outputs").EnumerateObject()];
        int[] nodes = [.. points.Select(point => NodeOf(graph, point.Name))];
        using var noGradients = torch.no_grad();
        torch.Tensor[] values = graph.SubGraph(nodes).RunAll(image, redirectGradients: false, CancellationToken.None);

        double worst = points.Zip(values).Max(pair => Check(pair.First, pair.Second));
        output.WriteLine($"{record}: {points.Length} points, worst error {worst:0.0e+0} of the standard deviation");
        Array.ForEach(values, value => value.Dispose());
    }

    private static StateDict Tensors(JsonElement root) => new(
        [.. root.GetProperty("keys").EnumerateArray().Select(key => RuleWeights.Tensor(
            key[0].GetString()!, [.. key[1].EnumerateArray().Select(size => size.GetInt64())], key[2].GetString()!))],
        "rule");

    // Where torchvision transforms the input itself, a picture's preprocessing does it here.
    private static torch.Tensor Image(JsonElement root, Architecture architecture)
    {
        torch.Tensor image = RuleWeights.Image(root.GetProperty("input")[2].GetInt32());
        if (!root.GetProperty("kwargs").TryGetProperty("transform_input", out JsonElement transform) || !transform.GetBoolean())
        {
            return image;
        }

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor mean = torch.tensor(new float[] { 0.485f, 0.456f, 0.406f }).reshape(1, 3, 1, 1);
        torch.Tensor std = torch.tensor(new float[] { 0.229f, 0.224f, 0.225f }).reshape(1, 3, 1, 1);
        using (image)
        {
            return architecture.Preprocessing.Apply(image * std + mean).MoveToOuterDisposeScope();
        }
    }

    // What a hook on a module saw: a node's value, or a block's.
    private static int NodeOf(Graph graph, string point)
    {
        string[] names = [.. graph.Nodes.Select(node => node.Name)];
        return point == "output" ? graph.Outputs[0]
            : Array.IndexOf(names, point) is var exact && exact >= 0 ? exact
            : graph.Blocks.Single(block => block.Name == point).Node;
    }

    private static double Check(JsonProperty point, torch.Tensor value)
    {
        JsonElement expected = point.Value;
        long[] shape = [.. expected.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];

        // What torchvision has as dense layers at each position has its channels last there.
        using torch.Tensor ordered = value.shape.SequenceEqual(shape) ? value.alias() : value.permute(0, 2, 3, 1);
        Assert.Equal(shape, ordered.shape);
        float[] actual = ordered.ToFloats();
        double std = expected.GetProperty("std").GetDouble();
        double tolerance = 10 * expected.GetProperty("f32_err").GetDouble() + 1e-4 * std;
        double worst = 0;
        foreach ((JsonElement at, JsonElement want) in
            expected.GetProperty("at").EnumerateArray().Zip(expected.GetProperty("values").EnumerateArray()))
        {
            Assert.True(
                Math.Abs(actual[at.GetInt32()] - want.GetDouble()) <= tolerance,
                $"{point.Name}[{at}] is {actual[at.GetInt32()]} instead of {want} ± {tolerance}.");
            worst = Math.Max(worst, Math.Abs(actual[at.GetInt32()] - want.GetDouble()) / std);
        }

        Assert.InRange(actual.Average(x => (double)x), Mean(-tolerance), Mean(tolerance));
        return worst;

        double Mean(double error) => expected.GetProperty("mean").GetDouble() + error;
    }
}
