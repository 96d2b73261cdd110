using System.Globalization;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>A weighted sum of objectives of one model.</summary>
internal sealed class WeightedSum : CnnObjective
{
    private readonly (CnnObjective Objective, double Weight)[] _terms;

    /// <param name="terms">The objectives and their weights; sums among them are taken apart.</param>
    /// <exception cref="CnnVizException">They look into different models.</exception>
    public WeightedSum(IEnumerable<(CnnObjective Objective, double Weight)> terms)
    {
        _terms = [.. terms.SelectMany(term => term.Objective is WeightedSum sum
            ? sum._terms.Select(inner => (inner.Objective, inner.Weight * term.Weight))
            : [term])];
        Layers = [.. _terms.SelectMany(term => term.Objective.Layers).Distinct()];
        if (Layers.Any(layer => layer.Model != Layers[0].Model))
        {
            throw new CnnVizException(
                "ObjectiveAcrossModels",
                $"'{Layers[0]}' and '{Layers.First(layer => layer.Model != Layers[0].Model)}' are layers of different models.",
                "Combine objectives of one imported model.");
        }
    }

    internal override IReadOnlyList<CnnLayer> Layers { get; }

    internal override IReadOnlyList<string> Pictures => [.. _terms.SelectMany(term => term.Objective.Pictures).Distinct()];

    internal override bool ComparesBatch => _terms.Any(term => term.Objective.ComparesBatch);

    internal override bool IsBoundToThread => _terms.Any(term => term.Objective.IsBoundToThread);

    internal override bool LooksAtPart => _terms.Any(term => term.Objective.LooksAtPart);

    internal override bool IsToldByText => _terms.All(term =>
        term.Objective.IsToldByText && double.Parse(TextOf(Math.Abs(term.Weight)), CultureInfo.InvariantCulture) == Math.Abs(term.Weight));

    /// <summary>Such as <c>conv1:3 - 0.5 * conv2:7</c>.</summary>
    public override string ToString() => string.Concat(_terms.Select((term, i) =>
    {
        string sign = (i, term.Weight < 0) switch
        {
            (0, false) => string.Empty,
            (0, true) => "-",
            (_, false) => " + ",
            _ => " - ",
        };
        double weight = Math.Abs(term.Weight);
        return sign + (weight == 1 ? string.Empty : TextOf(weight) + " * ") + term.Objective;
    }));

    private static string TextOf(double weight) => weight.ToString("0.####", CultureInfo.InvariantCulture);

    internal override torch.Tensor Evaluate(Activations activations) => _terms
        .Select(term => term.Weight == 1 ? term.Objective.Evaluate(activations) : term.Objective.Evaluate(activations).Mul(term.Weight))
        .Aggregate((sum, value) => sum.Add(value));
}
