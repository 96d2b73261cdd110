using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Tests.Networks;

public sealed class GraphTests : EngineTest
{
    [Fact]
    public void Only_ancestors_of_the_target_run()
    {
        var ran = new List<string>();
        using var graph = new Graph(
        [
            new GraphNode("input", "input", new Input(), []),
            Node("a", 0),
            Node("b", 1),
            Node("side", 1),
            Node("after", 2),
        ]);
        using DisposeScope scope = torch.NewDisposeScope();

        graph.SubGraph(2).Run(torch.zeros(1, 1, 2, 2));

        Assert.Equal(["a", "b"], ran);

        GraphNode Node(string name, int input) => new(
            name,
            name,
            new Elementwise(name, x =>
            {
                ran.Add(name);
                return x + 1;
            }),
            [input]);
    }

    [Fact]
    public void Values_are_freed_after_their_last_use()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using torch.Tensor input = torch.zeros(1, 1, 2, 2);
        var live = new List<long>();
        GraphNode[] chain =
        [
            new("input", "input", new Input(), []),
            .. Enumerable.Range(1, 20).Select(i => new GraphNode($"{i}", $"{i}", new Elementwise("Add", x => x + 1), [i - 1])),
        ];
        using var graph = new Graph(chain);

        NativeTensors.Settled();
        graph.SubGraph(20).Run(input, (_, _) => live.Add(torch.Tensor.TotalCount));

        Assert.Equal(live[1], live[^1]);
    }

    [Fact]
    public void A_normalization_is_part_of_the_convolution_before_it_unless_that_is_wanted_too()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var graph = new Graph(
        [
            new("input", "input", new Input(), []),
            new("conv", "conv", new Conv2d(torch.randn(5, 3, 3, 3), torch.randn(5), new Window(new Extent(3, 3), Extent.One, Extent.One, default), 1), [0]),
            new("norm", "norm", new BatchNorm(torch.randn(5), torch.randn(5), torch.randn(5), torch.rand(5) + 0.5, 1e-3), [1]),
            new("scale", "scale", new ChannelScale(torch.randn(5, 1, 1)), [2]),
        ]);
        torch.Tensor image = torch.randn(2, 3, 9, 8);
        torch.Tensor[] apart = graph.SubGraph(1, 2, 3).RunAll(image, redirectGradients: false, default);

        foreach (int target in new[] { 2, 3 })
        {
            SubGraph together = graph.SubGraph(target);
            Assert.Equal(target - 1, together.Count);
            Assert.Equal(0, (apart[target - 1] - together.Run(image)).abs().max().ToSingle(), 1e-4);
        }
    }

    // Whoever takes the gradient of such a convolution as it is does not live to see this fail.
    [Theory]
    [InlineData(512, 1024, 16)]
    [InlineData(256, 512, 7)]
    public void The_gradient_of_a_convolution_that_skips_pixels_is_found(long channels, long filters, long size)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor weight = torch.randn(filters, channels, 1, 1);
        using var convolution = new Conv2d(weight.clone(), null, new Window(Extent.One, new Extent(2, 2), Extent.One, default), 1);
        torch.Tensor image = torch.randn(1, channels, size, size).requires_grad_();

        torch.Tensor output = convolution.Forward([image]);
        torch.Tensor gradient = torch.autograd.grad([output.sum()], [image])[0];

        Assert.Equal([1, filters, (size + 1) / 2, (size + 1) / 2], output.shape);
        torch.Tensor expected = torch.zeros_like(image);
        expected[.., .., torch.TensorIndex.Slice(0, null, 2), torch.TensorIndex.Slice(0, null, 2)] = weight.sum([0]).reshape(1, channels, 1, 1);
        Assert.Equal(0, (gradient - expected).abs().max().ToSingle(), 1e-2);
    }

    [Fact]
    public void Receptive_fields_grow_by_kernel_dilation_and_stride()
    {
        using torch.Tensor weight = torch.zeros(1, 1, 3, 3);
        using var graph = new Graph(
        [
            new GraphNode("input", "input", new Input(), []),
            new GraphNode("conv", "conv", new Conv2d(weight.alias(), null, Window(3, 2, 1), 1), [0]),
            new GraphNode("pool", "pool", new MaxPool2d(Window(2, 2, 1), false), [1]),
            new GraphNode("dilated", "dilated", new Conv2d(weight.alias(), null, Window(3, 1, 2), 1), [2]),
            new GraphNode("sum", "sum", new Broadcast("Add", (a, b) => a + b), [2, 3]),
            new GraphNode("all", "all", new GlobalPool("GlobalAvgPool2d", (x, dims) => x.mean(dims, true)), [4]),
        ]);

        Assert.Equal(
            ["1×1 / 1", "3×3 / 2", "5×5 / 4", "21×21 / 4", "21×21 / 4", "whole image"],
            graph.ReceptiveFields(new long[]?[6]).Select(field => field.ToString()));
    }

    [Fact]
    public void The_nearest_names_are_offered()
    {
        Assert.Equal(" Nearest: 'inception_4c/3x3', 'inception_4c/5x5'.", NearestNames.Hint("inception_4c_3x3", ["conv1", "inception_4c/5x5", "inception_4c/3x3"]));
        Assert.Equal(string.Empty, NearestNames.Hint("q", ["inception_4c/3x3"]));
    }

    private static Window Window(long kernel, long stride, long dilation) =>
        new(new Extent(kernel, kernel), new Extent(stride, stride), new Extent(dilation, dilation), default);
}
