using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

using PictureOutputs = System.Collections.Generic.IReadOnlyDictionary<
    string, System.Collections.Generic.IReadOnlyDictionary<CnnViz.Networks.CnnLayer, TorchSharp.torch.Tensor>>;

namespace CnnViz.Ascent;

/// <summary>What objectives are worth for images, and how that changes with the images: the one expensive part of an ascent.</summary>
/// <param name="layers">The layers that the objectives look at; of one model.</param>
/// <param name="minimize">Whether down is the way.</param>
/// <param name="rivals">Weight of the strongest other filter, as far as it is above the one that is raised; on the way up only.</param>
/// <param name="references">The photos that images are to resemble, at some of the layers; or null.</param>
internal sealed class ObjectiveResponse(
    IReadOnlyList<CnnLayer> layers, bool minimize = false, double rivals = 0, ReferencePhotos? references = null)
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
        Activations[] answers = Answer(input, objectives.Count, compared, redirectGradients, cancellation);
        torch.Tensor values = Evaluate(objectives, answers);
        torch.Tensor score = (minimize ? -values : values).sum();
        if (rivals > 0 && !minimize)
        {
            torch.Tensor?[] excesses = [.. objectives.Zip(answers, (objective, answer) => objective.Excess(answer))];
            score = excesses.OfType<torch.Tensor>().Aggregate(score, (sum, excess) => sum - excess.mean().Mul(rivals));
        }

        if (references is not null)
        {
            // Like penalties, relative to the activation; where nothing else counts there is no need for that.
            double share = references.Likeness;
            torch.Tensor distances = torch.stack(objectives.Zip(answers, (objective, answer) => references.Distance(objective, answer).mean()));
            torch.Tensor weights = share == 1 ? torch.ones_like(distances) : values.detach().abs().Mul(share);
            score = score.Mul(1 - share) - (distances * weights).sum();
        }

        return (values.detach().ToFloats(), Gradient(layers[0], [score], [input])[0]);
    }

    /// <summary>Prepares the kernels, if libtorch has little to do for views; as <see cref="SubGraph.PrepareKernels"/>.</summary>
    public long? PrepareKernels(torch.Tensor views) => _graph.PrepareKernels(views);

    /// <summary>The objectives' values: N, the mean over the views of each image. Parameters as of <see cref="Differentiate"/>.</summary>
    public torch.Tensor Evaluate(
        torch.Tensor views,
        IReadOnlyList<CnnObjective> objectives,
        PictureOutputs compared,
        bool redirectGradients,
        CancellationToken cancellation) =>
        Evaluate(objectives, Answer(views, objectives.Count, compared, redirectGradients, cancellation));

    /// <summary>What each objective is worth for each of some images that do not depend on one another.</summary>
    /// <param name="images">N×C×H×W, 0…1.</param>
    /// <param name="objectives">The objectives.</param>
    /// <param name="compared">What the layers answer to the pictures that are compared with, repeated for each image.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>N values an objective.</returns>
    public float[][] EvaluateEach(
        torch.Tensor images, IReadOnlyList<CnnObjective> objectives, PictureOutputs compared, CancellationToken cancellation)
    {
        Activations all = Answer(images, 1, compared, redirectGradients: false, cancellation)[0];
        Activations[]? each = null;
        return [.. objectives.Select(objective =>
        {
            // All at once where that gives a value an image, as of most objectives.
            torch.Tensor values = objective.IsBoundToThread ? torch.empty(0) : objective.Evaluate(all);
            each ??= values.numel() == images.shape[0] ? null : all.OfEachView();
            return values.numel() == images.shape[0] ? values.ToFloats() : torch.stack(each!.Select(one => objective.Evaluate(one).mean())).ToFloats();
        })];
    }

    /// <summary>What the layers answer to the pictures that are compared with.</summary>
    /// <param name="pictures">The pictures.</param>
    /// <param name="show">Makes N×C×H×W, what the network sees, of 1×C×H×W.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    public PictureOutputs Compare(ComparedPictures pictures, Func<torch.Tensor, torch.Tensor> show, CancellationToken cancellation) =>
        pictures.Run(_graph, layers, show, cancellation);

    /// <summary>The gradient of values of a layer with respect to some variables.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="values">The values.</param>
    /// <param name="variables">The variables.</param>
    /// <param name="weights">What the values count, each in its shape; null for one number that counts once.</param>
    /// <exception cref="CnnVizException">There is none.</exception>
    public static IList<torch.Tensor> Gradient(
        CnnLayer layer, IReadOnlyList<torch.Tensor> values, IReadOnlyList<torch.Tensor> variables, IReadOnlyList<torch.Tensor>? weights = null)
    {
        // TorchSharp lets nobody catch what libtorch throws here: it would end the process.
        return values.All(value => value.requires_grad)
            ? torch.autograd.grad([.. values], [.. variables], weights is null ? null : [.. weights])
            : throw new CnnVizException(
                "NoGradient",
                $"The output of layer '{layer.Name}' ({layer.Kind}) has no gradient with respect to the image.",
                "Choose an earlier layer.");
    }

    private static torch.Tensor Evaluate(IReadOnlyList<CnnObjective> objectives, Activations[] answers) =>
        torch.stack(objectives.Zip(answers, (objective, answer) => objective.Evaluate(answer).mean()));

    // What the layers answer to the views of each image.
    private Activations[] Answer(
        torch.Tensor views, int images, PictureOutputs compared, bool redirectGradients, CancellationToken cancellation)
    {
        torch.Tensor[] outputs = _graph.RunAll(_model.Preprocessing.Apply(views), redirectGradients, cancellation);
        var batch = layers.Zip(outputs).ToDictionary(pair => pair.First, pair => pair.Second);
        return [.. Enumerable.Range(0, images).Select(i => new Activations(batch, compared, i, views.shape[0] / images))];
    }
}
