using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", 2015), uphill, and with Nesterov's momentum (Dozat, 2016).
/// </summary>
internal sealed class AdamAscent : IUpdateRule
{
    private const double SecondDecay = 0.999;

    private const float Epsilon = 1e-8f;

    private readonly UpdateSettings _settings;
    private readonly bool _nesterov;
    private readonly torch.Tensor?[] _first;
    private readonly torch.Tensor?[] _second;
    private readonly int[] _steps;

    /// <param name="settings">Step size and the decay rate of the first moment.</param>
    /// <param name="variables">Number of variables.</param>
    /// <param name="nesterov">Whether the step looks ahead along the momentum.</param>
    public AdamAscent(UpdateSettings settings, int variables, bool nesterov)
    {
        _settings = settings;
        _nesterov = nesterov;
        _first = new torch.Tensor?[variables];
        _second = new torch.Tensor?[variables];
        _steps = new int[variables];
    }

    public torch.Tensor Change(int variable, torch.Tensor gradient)
    {
        double decay = _settings.Momentum;
        int step = ++_steps[variable];
        torch.Tensor first = _first[variable] ??= torch.zeros_like(gradient).DetachFromDisposeScope();
        torch.Tensor second = _second[variable] ??= torch.zeros_like(gradient).DetachFromDisposeScope();
        first.mul_(decay).add_(gradient, alpha: 1 - decay);
        second.mul_(SecondDecay).addcmul_(gradient, gradient, 1 - SecondDecay);
        torch.Tensor direction = _nesterov
            ? first * (decay / (1 - Math.Pow(decay, step + 1))) + gradient * ((1 - decay) / (1 - Math.Pow(decay, step)))
            : first / (1 - Math.Pow(decay, step));
        torch.Tensor size = (second / (1 - Math.Pow(SecondDecay, step))).sqrt();
        return direction / (size + Epsilon) * _settings.StepSize!.Value;
    }

    public void Dispose()
    {
        foreach (torch.Tensor? moment in _first.Concat(_second))
        {
            moment?.Dispose();
        }
    }
}
