using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Kernels;
using CnnViz.Networks.Operators;
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
        return gradient.device_type == DeviceType.CPU && gradient.dtype == torch.ScalarType.Float32
            ? Step(first, second, gradient, step)
            : StepInTorch(first, second, gradient, step);
    }

    private torch.Tensor StepInTorch(torch.Tensor first, torch.Tensor second, torch.Tensor gradient, int step)
    {
        double decay = _settings.Momentum;
        first.MulInPlace(decay).AddInPlace(gradient, alpha: 1 - decay);
        second.MulInPlace(SecondDecay).AddcmulInPlace(gradient, gradient, 1 - SecondDecay);
        torch.Tensor direction = _nesterov
            ? first.Mul(decay / (1 - Math.Pow(decay, step + 1))).Add(gradient.Mul((1 - decay) / (1 - Math.Pow(decay, step))))
            : first.Div(1 - Math.Pow(decay, step));
        torch.Tensor size = second.Div(1 - Math.Pow(SecondDecay, step)).sqrt();
        return (direction / size.Add(Epsilon)).Mul(_settings.StepSize!.Value);
    }

    // The same in one pass over the values.
    private unsafe torch.Tensor Step(torch.Tensor first, torch.Tensor second, torch.Tensor gradient, int step)
    {
        double decay = _settings.Momentum;
        double unbias = 1 / (1 - Math.Pow(decay, step));
        double size = _settings.StepSize!.Value;
        var factors = new Factors(
            (float)decay,
            (float)(size * (_nesterov ? decay / (1 - Math.Pow(decay, step + 1)) : unbias)),
            (float)(size * (_nesterov ? (1 - decay) * unbias : 0)),
            (float)(1 / (1 - Math.Pow(SecondDecay, step))));
        using torch.Tensor given = gradient.contiguous();
        torch.Tensor change = torch.empty(gradient.shape);
        fixed (byte* firsts = first.bytes)
        fixed (byte* seconds = second.bytes)
        fixed (byte* gradients = given.bytes)
        fixed (byte* changes = change.bytes)
        {
            var (f, s, g, c) = ((nint)firsts, (nint)seconds, (nint)gradients, (nint)changes);
            int count = checked((int)change.numel());
            WorkerTeam.Run(LibtorchThreads.Count, share =>
            {
                (int from, int to) = share.Of(count);
                Step((float*)f + from, (float*)s + from, (float*)g + from, (float*)c + from, to - from, factors);
            });
        }

        return change;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Step(float* first, float* second, float* gradient, float* change, int count, Factors factors)
    {
        int i = 0;
        for (; i + Vector512<float>.Count <= count; i += Vector512<float>.Count)
        {
            Vector512<float> g = Vector512.Load(gradient + i);
            Vector512<float> m = Vector512.Load(first + i) * factors.Decay + g * (1 - factors.Decay);
            Vector512<float> v = Vector512.Load(second + i) * (float)SecondDecay + g * g * (float)(1 - SecondDecay);
            m.Store(first + i);
            v.Store(second + i);
            Vector512<float> size = Vector512.Sqrt(v * factors.OfSecond) + Vector512.Create(Epsilon);
            ((m * factors.OfFirst + g * factors.OfGradient) / size).Store(change + i);
        }

        for (; i < count; i++)
        {
            float g = gradient[i];
            first[i] = first[i] * factors.Decay + g * (1 - factors.Decay);
            second[i] = second[i] * (float)SecondDecay + g * g * (float)(1 - SecondDecay);
            change[i] = (first[i] * factors.OfFirst + g * factors.OfGradient) / (MathF.Sqrt(second[i] * factors.OfSecond) + Epsilon);
        }
    }

    public void Dispose()
    {
        foreach (torch.Tensor? moment in _first.Concat(_second))
        {
            moment?.Dispose();
        }
    }

    // Of a step: the first moment's decay, and what the moments and the gradient count.
    private readonly record struct Factors(float Decay, float OfFirst, float OfGradient, float OfSecond);
}
