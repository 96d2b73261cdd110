using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>
/// The Keras guide "Visualizing what convnets learn", the guide's way: one filter at a time on an image of 180 pixels, a model that ends at
/// the layer, steps of 10 along the gradient divided by its length; by libtorch's operators.
/// </summary>
/// <param name="filter">What it raises: the mean of the filter's map without its outermost two positions.</param>
internal sealed class GuideRecipe(CnnFilter filter)
{
    public const int Size = 180;
    public const int Steps = 30;
    private const int Edge = 2;
    private const double StepLength = 10;

    private readonly SubGraph _graph = new(filter.Model.Graph, [filter.Layer.Node]) { UsesKernels = false };

    /// <summary>Takes steps.</summary>
    public void Run(int steps)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = (torch.rand(1, 3, Size, Size) - 0.5) * 0.25;
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope inner = torch.NewDisposeScope();
            torch.Tensor input = image.detach().requires_grad_();
            torch.Tensor map = _graph.Run(input).select(1, filter.Index);
            long[] cut = [.. map.shape[1..].Select(length => length > 2 * Edge ? (long)Edge : 0)];
            torch.Tensor value = map.narrow(1, cut[0], map.shape[1] - 2 * cut[0]).narrow(2, cut[1], map.shape[2] - 2 * cut[1]).mean();
            torch.Tensor gradient = torch.autograd.grad([value], [input])[0];
            using var noGradients = torch.no_grad();
            image.add_(gradient / gradient.norm().clamp_min(1e-12) * StepLength);
        }
    }
}
