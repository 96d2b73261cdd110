using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>A preprocessing that is tried on a network, and what has been seen of it.</summary>
/// <param name="model">The model.</param>
/// <param name="preprocessing">The preprocessing.</param>
/// <param name="classifier">The layer whose units are the classes; null where there is none.</param>
internal sealed class PreprocessingTrial(CnnModel model, Preprocessing preprocessing, CnnLayer? classifier)
{
    private readonly NormalizationStatistics _normalizations = new(model.Graph);
    private readonly AnswerStatistics _answers = new();
    private SubGraph? _graph;

    /// <summary>Whether there is anything to tell preprocessings apart by.</summary>
    public bool CanTell => classifier is not null || _normalizations.Inputs.Any();

    /// <summary>Shows photos to the network, and their mirror images: of what it answers, that counts which a mirror does not change.</summary>
    /// <param name="images">N×C×H×W, 0…1, RGB; stays the caller's.</param>
    /// <param name="classes">The classes of each image; none where they are not known.</param>
    /// <param name="cancellation">Stops between two operations of the network.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Add(torch.Tensor images, IReadOnlyList<IReadOnlyList<int>> classes, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        if (Run(images, cancellation) is not { } straight || Run(images.flip(3), cancellation) is not { } mirrored)
        {
            return;
        }

        float[] probabilities = straight.Add(mirrored).Div(2).ToFloats();
        int count = probabilities.Length / classes.Count;
        for (int image = 0; image < classes.Count; image++)
        {
            _answers.Add(probabilities.AsSpan(image * count, count), classes[image]);
        }
    }

    /// <summary>How well it suits the network.</summary>
    /// <param name="photos">How many photos it was shown.</param>
    public PreprocessingScore Score(int photos) => new(model, preprocessing, _normalizations, _answers, photos);

    // N×classes; null without a classifier.
    private torch.Tensor? Run(torch.Tensor images, CancellationToken cancellation)
    {
        int[] inputs = [.. _normalizations.Inputs];
        _graph ??= model.Graph.SubGraph([.. inputs.Where(node => node > 0), .. classifier is null ? Array.Empty<int>() : [classifier.Node]]);
        torch.Tensor input = preprocessing.Apply(images);
        torch.Tensor? answers = null;
        Look(0, input);
        _graph.Run(input, Look);
        return answers;

        void Look(int node, torch.Tensor value)
        {
            cancellation.ThrowIfCancellationRequested();
            if (inputs.Contains(node))
            {
                _normalizations.Add(node, value);
            }

            if (node == classifier?.Node)
            {
                answers = Probabilities(value.reshape(images.shape[0], -1)).MoveToOuterDisposeScope();
            }
        }
    }

    // One unit alone says yes or no.
    private static torch.Tensor Probabilities(torch.Tensor logits) =>
        torch.nn.functional.softmax(logits.shape[1] == 1 ? torch.cat([logits, torch.zeros_like(logits)], 1) : logits, 1);
}
