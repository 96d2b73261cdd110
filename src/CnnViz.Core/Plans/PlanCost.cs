using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Plans;

/// <summary>
/// What ascents cost, estimated from the sizes in the network without running it: multiplications, and what goes with each value and each pixel.
/// </summary>
internal static class PlanCost
{
    // What it takes to make a value that costs no multiplications, and to draw, colour and change a value of the image at a step, in multiplications.
    private const double OfValue = 32;
    private const double OfPixel = 2000;

    /// <summary>What the picture of a filter costs, in thousands of millions of multiplications.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">How the pictures are made.</param>
    /// <exception cref="ImageSizeException">The layer cannot take the size.</exception>
    public static double Of(CnnLayer layer, AscentOptions options)
    {
        var ascent = new GradientAscent([layer.GetFilter(0)], options);
        AscentGeometry geometry = ascent.Geometry;
        Extent view = geometry.View ?? new Extent(geometry.FullHeight, geometry.FullWidth);
        long pixels = (long)layer.Model.InputShape.Channels * geometry.FullHeight * geometry.FullWidth;
        return options.Recipe.Steps * (options.Recipe.Views.Count * OfRun(layer, view) + pixels * OfPixel) / 1e9;
    }

    // What the filter's own convolution does is done before the steps (AffineResponse).
    private static double OfRun(CnnLayer layer, Extent size)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        Graph graph = layer.Model.Graph;
        torch.Tensor image = torch.zeros(1, layer.Model.InputShape.Channels, size.Height, size.Width);
        double cost = 0;
        var visited = new HashSet<int>();
        graph.SubGraph(graph.AffineStart(layer.Node)).Sketch(image, (node, value) =>
        {
            visited.Add(node);

            // A convolution that is run as part of the normalization behind it has no value of its own.
            bool isFolded = graph.Fold(node) is not null && !visited.Contains(graph.Nodes[node].Inputs[0]);
            long places = value.dim() == 4 ? value.shape[2] * value.shape[3] : 1;
            cost += (double)(isFolded ? graph.Fold(node)! : graph.Nodes[node].Operator).ParameterCount * places + value.numel() * OfValue;
        });
        return cost;
    }
}
