using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// The phases of the images' Fourier transform, whose magnitudes stay what they are in natural images: no step can add noise that
/// they do not have (Fel et al., "Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization", 2023).
/// </summary>
internal sealed class PhaseBasis : IImageBasis
{
    // Keeps the division from zero where all phases are equal.
    private const double Tiny = 1e-6;

    private readonly torch.Tensor _phases;

    // N×C×H×(W/2+1); below zero for a negative coefficient that is its own conjugate, and so has no phase to say it.
    private readonly torch.Tensor _magnitudes;

    // N×1×1×1: what phases are standardized to, as they were at the start.
    private readonly torch.Tensor _mean;
    private readonly torch.Tensor _deviation;

    // H×(W/2+1) of 0 and 1: coefficients whose phase is their own, and the columns that repeat their upper half below, conjugated.
    private readonly torch.Tensor _own;
    private readonly torch.Tensor _repeating;
    private readonly long[] _size;

    /// <param name="start">N×C×H×W raw values whose phases are the start.</param>
    /// <param name="magnitudes">C×H×(W/2+1), not negative, up to a common factor: the images get a standard deviation of 1 and, whatever
    /// the magnitude at frequency 0, a mean of 0 in each channel.</param>
    public PhaseBasis(torch.Tensor start, torch.Tensor magnitudes)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _size = [start.shape[2], start.shape[3]];
        (torch.Tensor own, torch.Tensor repeating) = Masks(start);
        torch.Tensor spectrum = torch.fft.rfft2(start);
        torch.Tensor mirrored = Mirror(own) * repeating;
        torch.Tensor sign = torch.where(own.Add(mirrored).Eq(0).logical_and(spectrum.real.Lt(0)), -1, 1);
        torch.Tensor phases = spectrum.angle();
        _magnitudes = (Normalize(magnitudes.to(start.dtype, start.device)) * sign).DetachFromDisposeScope();
        _mean = Mean(phases).DetachFromDisposeScope();
        _deviation = Deviation(phases).DetachFromDisposeScope();
        _own = own.DetachFromDisposeScope();
        _repeating = repeating.DetachFromDisposeScope();
        _phases = phases.DetachFromDisposeScope().requires_grad_();
    }

    public IReadOnlyList<torch.Tensor> Variables => [_phases];

    // Standardized phases grow together without end and mean the same: the further they have come, the less a step turns them.
    public torch.Tensor Synthesize()
    {
        torch.Tensor standardized = ((_phases - Mean(_phases)) / Deviation(_phases).Add(Tiny) * _deviation).Add(_mean);
        torch.Tensor own = standardized * _own;
        return torch.fft.irfft2(torch.polar(_magnitudes, own - Mirror(own) * _repeating), _size);
    }

    public void Dispose()
    {
        foreach (torch.Tensor tensor in new[] { _phases, _magnitudes, _mean, _deviation, _own, _repeating })
        {
            tensor.Dispose();
        }
    }

    // The coefficients of a real image at frequencies (y, x) and (−y, −x) are conjugates. Half a spectrum has both where x is 0 or W/2,
    // and there the lower half of a column follows from the upper.
    private (torch.Tensor Own, torch.Tensor Repeating) Masks(torch.Tensor like)
    {
        (long height, long width) = (_size[0], _size[1]);
        torch.Tensor repeating = torch.zeros([height, width / 2 + 1], like.dtype, like.device);
        repeating[.., 0] = 1;
        if (width % 2 == 0)
        {
            repeating[.., ^1] = 1;
        }

        torch.Tensor upper = torch.zeros([height, 1], like.dtype, like.device);
        upper.narrow(0, 1, (height - 1) / 2).FillInPlace(1);
        return (repeating.negative().Add(1).Add(repeating * upper), repeating);
    }

    // The value at −y for each y.
    private static torch.Tensor Mirror(torch.Tensor values) => values.flip(-2).roll(1, -2);

    private static torch.Tensor Mean(torch.Tensor phases) => phases.mean([1, 2, 3], keepdim: true);

    private static torch.Tensor Deviation(torch.Tensor phases) => phases.flatten(1).std(1, unbiased: false).reshape(-1, 1, 1, 1);

    // Such that the sum of squares over the full spectrum gives the images a variance of 1 (Parseval).
    private torch.Tensor Normalize(torch.Tensor magnitudes)
    {
        torch.Tensor wanted = magnitudes.clone();
        wanted[.., 0, 0] = 0;
        double pixels = _size[0] * _size[1];
        torch.Tensor twice = HeldNumbers.Full([magnitudes.shape[2]], 2, magnitudes.dtype, magnitudes.device);
        twice[0] = 1;
        if (_size[1] % 2 == 0)
        {
            twice[^1] = 1;
        }

        torch.Tensor variance = (wanted.Square() * twice).sum().Div(pixels * pixels * magnitudes.shape[0]);
        return wanted / variance.sqrt().ClampMin(Tiny);
    }
}
