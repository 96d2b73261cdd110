using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>
/// Grad-CAM: the maps A of an earlier layer, each weighted by the mean over its positions of the gradient of the answer y with respect to it, added up,
/// and cut off below zero: ReLU(Σₖ αₖ Aₖ), αₖ = mean over i, j of ∂y/∂Aₖᵢⱼ (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep
/// Networks via Gradient-based Localization", ICCV 2017, equations 1 and 2). The answer of a filter that has a map is the map's mean.
/// </summary>
internal sealed class GradCam : IAttribution
{
    private readonly CnnLayer _layer;
    private readonly CnnLayer _mapLayer;
    private readonly SubGraph _before;
    private readonly SubGraph _after;

    /// <param name="layer">The layer of the filters.</param>
    /// <param name="mapLayer">Name of the layer whose positions the map has; null for the last one with maps through which all of the image goes.</param>
    /// <exception cref="CnnVizException">There is no such layer, it has no maps, or it does not come before the filters.</exception>
    public GradCam(CnnLayer layer, string? mapLayer)
    {
        Graph graph = layer.Model.Graph;
        _layer = layer;
        _mapLayer = mapLayer is null ? LastMaps(layer) : Check(layer.Model.GetLayer(mapLayer), layer);
        _before = graph.SubGraph(_mapLayer.Node);
        _after = new SubGraph(graph, [layer.Node], _mapLayer.Node);
        Grid = MapGrid.Of(_mapLayer);
    }

    public MapMethod Method => MapMethod.GradCam;

    public string? MapLayer => _mapLayer.Name;

    public int? WindowSize => null;

    public MapGrid Grid { get; }

    public int Columns => _mapLayer.OutputShape.Width;

    public int Runs => 1;

    public float[][] Explain(torch.Tensor image, Func<torch.Tensor, int[]> choose, Action<int> report, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = _layer.Model.Preprocessing.Apply(image);
        torch.Tensor maps;
        using (torch.no_grad())
        {
            maps = _before.Run(input, cancellation);
        }

        torch.Tensor given = maps.detach().clone().requires_grad_();
        torch.Tensor output = _after.RunFrom(input, given, cancellation);
        torch.Tensor answers = output.reshape(_layer.Filters, -1).mean([1]);
        return [.. choose(output.detach()).Select(filter =>
        {
            cancellation.ThrowIfCancellationRequested();
            using DisposeScope ofFilter = torch.NewDisposeScope();
            torch.Tensor weights = Gradient(answers[filter], given).mean([2, 3], keepdim: true);
            return (weights * maps).sum(1).ClampMin(0).ToFloats();
        })];
    }

    // TorchSharp lets nobody catch what libtorch throws where there is none: it would end the process.
    private torch.Tensor Gradient(torch.Tensor answer, torch.Tensor maps) => answer.requires_grad
        ? torch.autograd.grad([answer], [maps], retain_graph: true)[0]
        : throw new CnnVizException(
            "NoGradient",
            $"The output of layer '{_layer}' ({_layer.Kind}) has no gradient with respect to layer '{_mapLayer}'.",
            "Choose another -MapLayer, or -Method Occlusion, which needs no gradient.");

    // A pooling that ends the maps has fewer positions than what it pools.
    private static CnnLayer LastMaps(CnnLayer layer)
    {
        CnnLayer[] before =
        [
            .. layer.Model.Layers.Where(other => other.HasMaps && other.Node < layer.Node && layer.Model.Graph.LeadsTo(other.Node, layer.Node)).Reverse()
                .Where(other => !new SubGraph(layer.Model.Graph, [layer.Node], other.Node).NeedsImage),
        ];
        return before.FirstOrDefault(other => !other.Kind.Contains("Pool", StringComparison.Ordinal))
            ?? before.FirstOrDefault()
            ?? throw new CnnVizException(
                "NoMap", $"No layer with maps comes before layer '{layer}'.", "Use -Method Occlusion, which needs none.");
    }

    private static CnnLayer Check(CnnLayer mapLayer, CnnLayer layer)
    {
        if (!mapLayer.HasMaps)
        {
            throw new CnnVizException(
                "NoMap", $"Layer '{mapLayer}' has no maps: it has one value for the whole image.", "Choose an earlier -MapLayer, or leave it out.");
        }

        return mapLayer.Node < layer.Node && layer.Model.Graph.LeadsTo(mapLayer.Node, layer.Node)
            ? mapLayer
            : throw new CnnVizException(
                "LayerNotBefore",
                $"Layer '{layer}' does not depend on layer '{mapLayer}'.",
                "Choose a -MapLayer that comes before the layer of the filter or class, or leave it out.");
    }
}
