using System.Globalization;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// A direction in the space of a layer's filters: the mean over positions of the activations' dot product with the direction of length
/// one, times a power of their cosine, which keeps long activations of another direction from winning (Olah et al., "The Building Blocks
/// of Interpretability", 2018; Lucid's <c>direction</c>).
/// </summary>
internal sealed class DirectionObjective : CnnObjective
{
    // Lucid's: below it, the cosine's power would leave no gradient.
    private const double LeastCosine = 0.1;

    private const double Tiny = 1e-12;

    private readonly CnnLayer _layer;
    private readonly float[] _direction;
    private readonly double _cosinePower;
    private readonly MapArea _area;

    /// <param name="layer">The layer.</param>
    /// <param name="direction">One value a filter, not all zero; their length does not matter.</param>
    /// <param name="cosinePower">0 for the dot product alone.</param>
    /// <param name="area">The part of the map that counts.</param>
    /// <exception cref="CnnVizException">The direction does not fit the layer.</exception>
    public DirectionObjective(CnnLayer layer, IReadOnlyList<float> direction, double cosinePower, MapArea area)
    {
        float length = MathF.Sqrt(direction.Sum(value => value * value));
        if (direction.Count != layer.Filters || !(length > 0) || !float.IsFinite(length))
        {
            throw new CnnVizException(
                "DirectionMismatch",
                $"A direction for layer '{layer.Name}' needs {layer.Filters} finite values, not all zero; {direction.Count} were given.",
                "Give one value for each filter.");
        }

        _layer = layer;
        _direction = [.. direction.Select(value => value / length)];
        _cosinePower = cosinePower;
        _area = area;
        Layers = [layer];
    }

    internal override IReadOnlyList<CnnLayer> Layers { get; }

    internal override bool LooksAtPart => _area != MapArea.Whole;

    /// <summary>Such as <c>direction(conv4: 0.8 * 3 + 0.6 * 17…)</c>: the largest parts.</summary>
    public override string ToString()
    {
        (float Value, int Filter)[] parts = [.. _direction.Select((value, filter) => (value, filter)).OrderByDescending(part => Math.Abs(part.value))];
        string largest = string.Join(" + ", parts.Take(3).Where(part => part.Value != 0).Select(part =>
            string.Create(CultureInfo.InvariantCulture, $"{part.Value:0.##} * {part.Filter}")));
        return $"direction({_layer}: {largest}{(parts.Count(part => part.Value != 0) > 3 ? "…" : string.Empty)}){_area}";
    }

    internal override torch.Tensor Evaluate(Activations activations)
    {
        torch.Tensor values = _area.Cut(activations[_layer]);
        torch.Tensor direction = torch.tensor(_direction, device: values.device).reshape(1, -1, 1, 1);
        torch.Tensor dot = (values * direction).sum(1);
        if (_cosinePower != 0)
        {
            torch.Tensor length = values.Square().sum(1).Add(Tiny).sqrt();
            dot = dot * (dot / length).ClampMin(LeastCosine).Pow(_cosinePower);
        }

        return dot.flatten(1).mean([1]);
    }
}
