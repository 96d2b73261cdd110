using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>Sums over the maps of all filters of a layer, of however many images; nothing else of them stays.</summary>
internal sealed class MapStatistics : IDisposable
{
    private torch.Tensor? _sums;
    private torch.Tensor? _positive;
    private torch.Tensor? _products;
    private long _positions;

    /// <summary>Mean of each filter's values.</summary>
    public double[] Means => [.. _sums!.ToDoubles().Select(sum => sum / _positions)];

    /// <summary>The share of each filter's values, 0…1, that are not above zero.</summary>
    public double[] Sparsities => [.. _positive!.ToDoubles().Select(positive => 1 - positive / _positions)];

    /// <summary>Takes in the maps of a batch.</summary>
    /// <param name="output">The layer's output: N×C×H×W, or N×C. It stays the caller's.</param>
    public void Add(torch.Tensor output)
    {
        using DisposeScope scope = torch.NewDisposeScope();

        // C×positions. In double precision: the products of a million positions are to give a difference.
        torch.Tensor maps = output.reshape(output.shape[0], output.shape[1], -1).transpose(0, 1).flatten(1).to(torch.float64);
        _positions += maps.shape[1];
        Sum(ref _sums, maps.sum(1));
        Sum(ref _positive, maps.Gt(0).sum(1).to(torch.float64));
        Sum(ref _products, maps.mm(maps.t()));
    }

    /// <summary>For each filter, the other one whose maps have the largest correlation with its own.</summary>
    /// <returns>Its number and the correlation (Pearson's), −1…1; null where there is none.</returns>
    public (int Filter, double Correlation)?[] Nearest()
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor means = _sums!.Div(_positions);
        torch.Tensor covariance = _products!.Div(_positions) - torch.outer(means, means);
        torch.Tensor deviation = covariance.diagonal().Clamp(min: 0).sqrt();
        torch.Tensor correlation = covariance / torch.outer(deviation, deviation);

        // What does not vary, but for rounding, is like nothing; a filter is not its own neighbour.
        torch.Tensor constant = deviation.le(_products!.diagonal().Div(_positions).sqrt().Mul(1e-7));
        torch.Tensor none = constant.unsqueeze(0).logical_or(constant.unsqueeze(1)).logical_or(correlation.isfinite().logical_not())
            .logical_or(torch.eye(means.shape[0], dtype: torch.ScalarType.Bool, device: means.device));
        (torch.Tensor values, torch.Tensor places) = correlation.MaskedFill(none, -2).max(1);
        return [.. values.ToDoubles().Zip(places.ToLongs(), (value, place) => value < -1.5 ? default((int, double)?) : ((int)place, Math.Clamp(value, -1, 1)))];
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _sums?.Dispose();
        _positive?.Dispose();
        _products?.Dispose();
    }

    private static void Sum(ref torch.Tensor? total, torch.Tensor more)
    {
        torch.Tensor sum = (total is null ? more.clone() : total.Add(more)).DetachFromDisposeScope();
        total?.Dispose();
        total = sum;
    }
}
