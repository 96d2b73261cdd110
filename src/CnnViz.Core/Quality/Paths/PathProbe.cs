using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>What pictures do to the layers on the way to another: those that all ways lead through, the layer itself left out.</summary>
internal sealed class PathProbe
{
    private const int MostLayers = 12;

    // Of a layer with more values, every second or third and so on: ranks of more are not surer, only slower.
    private const int MostValues = 1 << 14;

    private readonly CnnModel _model;
    private readonly SubGraph? _graph;

    /// <param name="target">The layer at the end of the way.</param>
    public PathProbe(CnnLayer target)
    {
        _model = target.Model;
        HashSet<int> bottlenecks = [.. _model.Graph.Bottlenecks(target.Node)];
        CnnLayer[] way = [.. _model.Layers.Where(layer => layer.Node < target.Node && bottlenecks.Contains(layer.Node) && layer.Filters > 1)];
        int count = Math.Min(way.Length, MostLayers);
        Layers = [.. Enumerable.Range(1, count).Select(i => way[i * way.Length / count - 1])];
        _graph = count == 0 ? null : _model.Graph.SubGraph([.. Layers.Select(layer => layer.Node)]);
    }

    /// <summary>The layers, from the image on; at most twelve.</summary>
    public IReadOnlyList<CnnLayer> Layers { get; }

    /// <summary>The activations of a picture.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>Those of each layer.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public RankedValues[] Of(torch.Tensor picture, CancellationToken cancellation)
    {
        if (_graph is null)
        {
            return [];
        }

        cancellation.ThrowIfCancellationRequested();
        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor image = _model.Preprocessing.Apply(picture.unsqueeze(0).to(_model.TorchDevice));
        return [.. _graph.RunAll(image, redirectGradients: false, cancellation).Select(output =>
        {
            torch.Tensor values = output.flatten();
            long step = (values.shape[0] + MostValues - 1) / MostValues;
            return new RankedValues(values.slice(0, 0, values.shape[0], step).ToFloats());
        })];
    }
}
