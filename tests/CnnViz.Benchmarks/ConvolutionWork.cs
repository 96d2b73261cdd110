using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Benchmarks;

/// <summary>The arithmetic of convolutions: what a step needs of it, and how much of it the machine can do.</summary>
internal static class ConvolutionWork
{
    private const int Tries = 5;

    /// <summary>
    /// Operations of a step on one picture: the convolutions that must run for the layer, forward and back to their inputs; not those at its
    /// end that are affine.
    /// </summary>
    public static double OfStep(CnnLayer layer, int size)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        Graph graph = layer.Model.Graph;
        double work = 0;
        new SubGraph(graph, [.. Ancestors(graph, graph.AffineStart(layer.Node))]).Run(torch.zeros(1, 3, size, size), (node, value) =>
        {
            // A multiplication and an addition each, and the same again for the gradient.
            if (graph.Nodes[node].Operator is Conv2d convolution && value.dim() == 4)
            {
                work += 4.0 * (convolution.ParameterCount - value.shape[1]) * value.shape[2] * value.shape[3];
            }
        });
        return work;
    }

    private static HashSet<int> Ancestors(Graph graph, int node)
    {
        var found = new HashSet<int>();
        var waiting = new Stack<int>([node]);
        while (waiting.TryPop(out int next))
        {
            if (next > 0 && found.Add(next))
            {
                Array.ForEach([.. graph.Nodes[next].Inputs], waiting.Push);
            }
        }

        return found;
    }

    /// <summary>
    /// Operations a second of the best of three: libtorch's convolution and ours, forward and back to the input, and libtorch's product of
    /// matrices; on all threads. Ours is of 5×5, which is computed as it is defined, so that operations are what they are called.
    /// </summary>
    public static double Limit()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = torch.randn(16, 128, 28, 28).requires_grad_();
        torch.Tensor small = torch.randn(192, 128, 3, 3);
        torch.Tensor large = torch.randn(96, 128, 5, 5);
        double workOfValue = 4.0 * 16 * 28 * 28;
        var window = new Window(new Extent(5, 5), Extent.One, Extent.One, new CnnViz.Networks.Operators.Padding(2, 2, 2, 2));
        using var graph = new Graph(
            [new("image", "image", new Input(), []), new("conv", "conv", new Conv2d(large.alias(), null, window, 1), [0])]);
        SubGraph ours = graph.SubGraph(1);
        torch.Tensor matrix = torch.randn(1536, 1536);
        return new[]
        {
            workOfValue * small.numel() / Best(() => Differentiate(image => conv2d(image, small, padding: [1, 1]))),
            workOfValue * large.numel() / Best(() => Differentiate(image => ours.Run(image))),
            2 * Math.Pow(1536, 3) / Best(() => matrix.matmul(matrix)),
        }.Max();

        void Differentiate(Func<torch.Tensor, torch.Tensor> convolve)
        {
            torch.Tensor output = convolve(input);
            torch.autograd.grad([output], [input], [torch.ones_like(output)]);
        }
    }

    private static double Best(Action action)
    {
        double best = double.MaxValue;
        for (int i = 0; i < Tries; i++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            var clock = Stopwatch.StartNew();
            action();
            best = Math.Min(best, clock.Elapsed.TotalSeconds);
        }

        return best;
    }
}
