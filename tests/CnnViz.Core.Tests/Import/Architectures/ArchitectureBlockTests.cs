using CnnViz.Import;
using CnnViz.Import.Architectures;
using CnnViz.Networks.Graphs;
using Xunit.Abstractions;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>The modules of architectures, as users of PyTorch know them.</summary>
public sealed class ArchitectureBlockTests(ITestOutputHelper output) : EngineTest
{
    public static TheoryData<string> Architectures => [.. ArchitectureList.All.Select(architecture => architecture.Name)];

    // Modules with several outputs, and lists of modules, which nobody calls.
    private static readonly string[] s_several =
    [
        "backbone", "base_net", "body", "fpn", "classification_headers", "regression_headers", "loc", "conf", "landm", "BboxHead", "ClassHead",
        "LandmarkHead", "classifier.0.convs",
    ];

    // The keys of the weights tell the modules: layer1.0.conv1.weight is of conv1 in 0 in layer1.
    [Theory]
    [MemberData(nameof(Architectures))]
    public void Every_module_around_weights_is_a_block_that_ends_with_its_last_operation(string name)
    {
        Architecture architecture = ArchitectureList.Find(name)!;
        using StateDict tensors = ArchitectureTensors.Of(architecture);
        using Graph graph = new ArchitectureMatch(architecture, tensors).Build();
        Dictionary<string, GraphBlock> blocks = graph.Blocks.ToDictionary(block => block.Name);

        string[] modules = [.. tensors.Tensors.SelectMany(tensor => Parents(Parents(tensor.Name)[^1])).Distinct()];

        output.WriteLine(string.Join(' ', blocks.Keys));
        Assert.Empty(modules.Except(blocks.Keys).Except(s_several));
        Assert.All(blocks, block => Assert.Equal(
            graph.Nodes.ToList().FindLastIndex(node => node.Name.StartsWith($"{block.Key}.", StringComparison.Ordinal)), block.Value.Node));
    }

    // layer1.0.conv1: layer1 and layer1.0.
    private static string[] Parents(string name)
    {
        string[] parts = name.Split('.');
        return [.. Enumerable.Range(1, parts.Length - 1).Select(count => string.Join('.', parts[..count]))];
    }
}
