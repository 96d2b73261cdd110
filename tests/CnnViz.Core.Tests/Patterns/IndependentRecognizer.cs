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

    /// <param name="x">Features of pictures, N×features.</param>
    /// <param name="labels">The class of each picture, N.</param>
    /// <param name="classes">Number of classes.</param>
    public IndependentRecognizer(torch.Tensor x, torch.Tensor labels, int classes, double ridge = 0.05)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _mean = x.mean([0]);
        _deviation = x.std([0]) + 1e-4f;
        x = (x - _mean) / _deviation;
        torch.Tensor ones = torch.nn.functional.one_hot(labels, classes).to(torch.ScalarType.Float32);
        torch.Tensor means = ones.t().matmul(x) / ones.sum([0]).unsqueeze(1);
        torch.Tensor within = x - means.index_select(0, labels);
        torch.Tensor covariance = within.t().matmul(within) / x.shape[0] + ridge * torch.eye(x.shape[1]);
        _weights = torch.linalg.solve(covariance, means.t());
        _bias = -0.5 * (means.t() * _weights).sum([0]);
        foreach (torch.Tensor kept in new[] { _weights, _bias, _mean, _deviation })
        {
            kept.DetachFromDisposeScope();
        }
    }

    /// <summary>The classes of each picture, the likeliest first.</summary>
    /// <param name="features">N×features.</param>
    public int[][] Rank(torch.Tensor features)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor scores = ((features - _mean) / _deviation).matmul(_weights) + _bias;
        return [.. scores.argsort(1, descending: true).unbind(0).Select(row => row.ToLongs().Select(i => (int)i).ToArray())];
    }
}
