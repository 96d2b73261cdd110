using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Tests.Patterns;

/// <summary>
/// Recognizes patterns without any network: linear discriminant analysis of the features of <see cref="PictureMeasures"/>.
/// </summary>
internal sealed class IndependentRecognizer
{
    private readonly torch.Tensor _weights;
    private readonly torch.Tensor _bias;
    private readonly torch.Tensor _mean;
    private readonly torch.Tensor _deviation;

    /// <param name="examples">Features of pictures, and the class of each.</param>
    /// <param name="classes">Number of classes.</param>
    public IndependentRecognizer(IReadOnlyList<(float[] Features, int Class)> examples, int classes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor x = torch.stack(examples.Select(example => torch.tensor(example.Features)));
        _mean = x.mean([0]);
        _deviation = x.std(0) + 1e-4f;
        x = (x - _mean) / _deviation;
        torch.Tensor labels = torch.tensor(examples.Select(example => (long)example.Class).ToArray());
        torch.Tensor ones = torch.nn.functional.one_hot(labels, classes).to(torch.ScalarType.Float32);
        torch.Tensor means = ones.t().matmul(x) / ones.sum(0).unsqueeze(1);
        torch.Tensor within = x - means.index_select(0, labels);
        torch.Tensor covariance = within.t().matmul(within) / examples.Count + 0.05 * torch.eye(x.shape[1]);
        _weights = torch.linalg.solve(covariance, means.t());
        _bias = -0.5 * (means.t() * _weights).sum(0);
        foreach (torch.Tensor kept in new[] { _weights, _bias, _mean, _deviation })
        {
            kept.DetachFromDisposeScope();
        }
    }

    /// <summary>The classes of a picture, the likeliest first.</summary>
    public int[] Rank(float[] features)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        float[] scores = (((torch.tensor(features) - _mean) / _deviation).matmul(_weights) + _bias).ToFloats();
        return [.. Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i])];
    }
}
