using System.Runtime.InteropServices;
using CnnViz.Models;
using CnnViz.Models.Operators;
using TorchSharp;
using PictureOutputs = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlyDictionary<CnnViz.Models.CnnLayer, TorchSharp.torch.Tensor>>;

namespace CnnViz.Ascent;

/// <summary>What objectives are worth for images, and how that changes with the images: the one expensive part of an ascent.</summary>
/// <param name="layers">The layers that the objectives look at; of one model.</param>
/// <param name="minimize">Whether down is the way.</param>
internal sealed class ObjectiveResponse(IReadOnlyList<CnnLayer> layers, bool minimize = false)
{
    private readonly CnnModel _model = layers[0].Model;
    private readonly SubGraph _graph = layers[0].Model.Graph.SubGraph([.. layers.Select(layer => layer.Node)]);

    /// <summary>The objectives' values, and the gradient that leads on.</summary>
    /// <param name="views">N·views×C×H×W, 0…1.</param>
    /// <param name="objectives">One for each of the N images.</param>
    /// <param name="compared">What the layers answer to the pictures that are compared with.</param>
    /// <param name="redirectGradients">Whether gradients pass where a rectifier is cut off, if they lead back from there.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>N values, and the gradient with respect to the views.</returns>
    /// <exception cref="CnnVizException">The output does not depend on the image in a way that has a gradient.</exception>
    public (float[] Values, torch.Tensor Gradient) Differentiate(
        torch.Tensor views,
        IReadOnlyList<CnnObjective> objectives,
        PictureOutputs compared,
        bool redirectGradients,
        CancellationToken cancellation)
    {
        torch.Tensor input = views.detach().requires_grad_();
        torch.Tensor values = Evaluate(input, objectives, compared, redirectGradients, cancellation);
        torch.Tensor gradient = Gradient((minimize ? -values : values).sum(), [input])[0];
        return (values.detach().ToFloats(), gradient);
    }

    /// <summary>The objectives' values: N, the mean over the views of each image. Parameters as of <see cref="Differentiate"/>.</summary>
    public torch.Tensor Evaluate(
        torch.Tensor views,
        IReadOnlyList<CnnObjective> objectives,
        PictureOutputs compared,
        bool redirectGradients,
        CancellationToken cancellation)
    {
        torch.Tensor[] outputs = _graph.RunAll(_model.Preprocessing.Apply(views), redirectGradients, cancellation);
        var batch = layers.Zip(outputs).ToDictionary(pair => pair.First, pair => pair.Second);
        long each = views.shape[0] / objectives.Count;
        return torch.stack(objectives.Select((objective, i) =>
            objective.Evaluate(new Activations(batch, compared, i, each)).mean()));
    }

    /// <summary>What the layers answer to the pictures that are compared with.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="show">Makes N×C×H×W, what the network sees, of 1×C×H×W.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    public PictureOutputs Compare(ComparedPictures pictures, Func<torch.Tensor, torch.Tensor> show, CancellationToken cancellation) =>
        pictures.Run(_graph, layers, show, cancellation);

    /// <summary>The gradient of a value with respect to some variables.</summary>
    /// <exception cref="CnnVizException">There is none.</exception>
    public IList<torch.Tensor> Gradient(torch.Tensor value, IReadOnlyList<torch.Tensor> variables)
    {
        try
        {
            return torch.autograd.grad([value], [.. variables]);
        }
        catch (ExternalException exception)
        {
            throw new CnnVizException(
                "NoGradient",
                $"The output of layer '{layers[0].Name}' ({layers[0].Kind}) has no gradient with respect to the image.",
                "Choose a layer before it.",
                exception);
        }
    }
}
