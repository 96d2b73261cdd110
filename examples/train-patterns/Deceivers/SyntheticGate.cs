using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnViz.Patterns.Deceivers;

/// <summary>
/// Tells the pictures of an ascent from natural ones: a weighted sum of the means of some layers' maps, up to 0 for natural pictures, and from 1 on for those
/// of an ascent.
/// </summary>
/// <param name="Weights">A weight for each channel, layer by layer.</param>
/// <param name="Bias">What is added to the sum.</param>
internal sealed record SyntheticGate(float[] Weights, float Bias)
{
    // Of the way from the last natural picture to the first of an ascent, where the gate begins to open, and where it is open.
    private const double Begin = 0.1;
    private const double End = 0.4;

    private const int Rounds = 12;
    private const double Ridge = 1;

    /// <summary>Finds the weights by logistic regression (Newton's method, with a ridge).</summary>
    /// <param name="layers">The layers, of one model.</param>
    /// <param name="natural">Natural pictures, each 3×H×W, 0…1.</param>
    /// <param name="synthetic">Pictures of an ascent, from its noise on.</param>
    /// <exception cref="InvalidOperationException">The means do not tell them apart.</exception>
    public static SyntheticGate Learn(CnnLayer[] layers, IEnumerable<Tensor> natural, IEnumerable<Tensor> synthetic)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        SubGraph graph = layers[0].Model.Graph.SubGraph([.. layers.Select(layer => layer.Node)]);
        (Tensor closed, Tensor open) = (Means(natural), Means(synthetic));
        (Tensor mean, Tensor deviation) = (closed.mean([0], keepdim: true), closed.std([0], keepdim: true) + 1e-6);
        Tensor x = (cat([closed, open]) - mean) / deviation;
        x = cat([x, ones([x.shape[0], 1], dtype: float64)], 1);
        Tensor y = cat([zeros(closed.shape[0], dtype: float64), ones(open.shape[0], dtype: float64)]);
        Tensor ridge = eye(x.shape[1], dtype: float64) * Ridge;
        Tensor weights = zeros(x.shape[1], dtype: float64);
        for (int round = 0; round < Rounds; round++)
        {
            Tensor chance = sigmoid(x.mv(weights));
            Tensor slope = x.t().mv(chance - y) + ridge.mv(weights);
            Tensor curvature = (x * (chance * (1 - chance)).unsqueeze(1)).t().mm(x) + ridge;
            weights = weights - linalg.solve(curvature, slope.unsqueeze(1)).squeeze(1);
        }

        Tensor sums = x.mv(weights);
        double lastClosed = sums.narrow(0, 0, closed.shape[0]).max().ToDouble();
        double firstOpen = sums.narrow(0, closed.shape[0], open.shape[0]).min().ToDouble();
        double gap = firstOpen - lastClosed;
        if (gap <= 0)
        {
            throw new InvalidOperationException($"Natural pictures reach {lastClosed:0.00}, and pictures of the ascent begin at {firstOpen:0.00}.");
        }

        // (sum − begin) / (end − begin), of values that are not standardized.
        double scale = 1 / ((End - Begin) * gap);
        Tensor slopes = weights.narrow(0, 0, weights.shape[0] - 1) / deviation[0];
        double bias = weights[-1].ToDouble() - slopes.dot(mean[0]).ToDouble() - lastClosed - Begin * gap;
        return new SyntheticGate([.. slopes.ToDoubles().Select(slope => (float)(slope * scale))], (float)(bias * scale));

        Tensor Means(IEnumerable<Tensor> pictures) => stack([.. pictures.Select(picture => cat([.. graph
            .RunAll(layers[0].Model.Preprocessing.Apply(picture.unsqueeze(0)), redirectGradients: false, default)
            .Select(output => output.mean([0, 2, 3]))]))]).to(float64);
    }
}
