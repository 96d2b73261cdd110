using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The pictures that objectives compare with, as large as the images of the ascent.</summary>
internal sealed class ComparedPictures
{
    private readonly CnnModel _model;
    private readonly IReadOnlyDictionary<string, torch.Tensor> _pictures;

    private ComparedPictures(CnnModel model, IReadOnlyDictionary<string, torch.Tensor> pictures) => (_model, _pictures) = (model, pictures);

    /// <summary>Reads the pictures; they belong to the caller's dispose scope.</summary>
    /// <exception cref="CnnVizException">One cannot be read.</exception>
    public static ComparedPictures Read(IEnumerable<CnnObjective> objectives, CnnModel model, AscentGeometry geometry) => new(
        model,
        objectives.SelectMany(objective => objective.Pictures).Distinct().ToDictionary(
            path => path,
            path => ImageFile.Read(path, model.InputShape.Channels, geometry.FullHeight, geometry.FullWidth)
                .unsqueeze(0).to(model.TorchDevice)));

    /// <summary>What layers answer to the pictures.</summary>
    /// <param name="graph">The sub-graph of the layers.</param>
    /// <param name="layers">Its targets.</param>
    /// <param name="show">Makes N×C×H×W, what the network sees, of 1×C×H×W.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<CnnLayer, torch.Tensor>> Run(
        SubGraph graph, IReadOnlyList<CnnLayer> layers, Func<torch.Tensor, torch.Tensor> show, CancellationToken cancellation)
    {
        using var noGradients = torch.no_grad();
        return _pictures.ToDictionary(
            pair => pair.Key,
            pair =>
            {
                torch.Tensor[] outputs = graph.RunAll(
                    _model.Preprocessing.Apply(show(pair.Value)), redirectGradients: false, cancellation);
                return (IReadOnlyDictionary<CnnLayer, torch.Tensor>)layers.Zip(outputs).ToDictionary(each => each.First, each => each.Second);
            });
    }
}
