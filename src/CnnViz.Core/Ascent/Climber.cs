using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The course of one picture's ascent.</summary>
/// <param name="objective">What it raises.</param>
/// <param name="tolerance">The gain, as a share, that is not worth more steps; 0 for every gain is.</param>
/// <param name="minimize">Whether down is the way.</param>
internal sealed class Climber(CnnObjective objective, double tolerance = 0, bool minimize = false)
{
    // Views differ from step to step, and so do activations: steps that are averaged before they are compared.
    private const int Window = 16;

    // A gain that is no more than rounding to 8 bits makes is none.
    private const float LeastGain = 1e-3f;

    private readonly List<float> _activations = [];
    private AscentStatus _status = AscentStatus.StepLimit;

    /// <summary>What it raises.</summary>
    public CnnObjective Objective => objective;

    /// <summary>The objective's value for what it begins with, as a finished picture.</summary>
    public float AtStart { get; set; }

    /// <summary>The objective's value for the finished picture.</summary>
    public float AtEnd { get; set; }

    /// <summary>The objective's value at the beginning of each step.</summary>
    public IReadOnlyList<float> Activations => _activations;

    /// <summary>Number of steps that changed the image, or at least could have.</summary>
    public int Steps { get; private set; }

    /// <summary>Whether gradients had to be redirected.</summary>
    public bool IsRedirected { get; set; }

    /// <summary>Whether more steps lead anywhere.</summary>
    public bool IsClimbing => _status == AscentStatus.StepLimit;

    /// <summary>Takes note of a step; of those that others still take after its own end, of none.</summary>
    /// <param name="value">The objective's value before the step.</param>
    /// <param name="isFlat">Whether the gradient is zero everywhere.</param>
    /// <param name="isFinite">Whether the gradient is finite everywhere.</param>
    public void Advance(float value, bool isFlat, bool isFinite)
    {
        if (!IsClimbing)
        {
            return;
        }

        _status = !float.IsFinite(value) || !isFinite ? AscentStatus.Diverged
            : !isFlat ? AscentStatus.StepLimit
            : _activations.Count == 0 ? AscentStatus.Dead
            : AscentStatus.Converged;
        _activations.Add(value);
        if (_status == AscentStatus.StepLimit && HasSettled)
        {
            _status = AscentStatus.Converged;
        }

        Steps += IsClimbing ? 1 : 0;
    }

    /// <summary>What it came to.</summary>
    /// <param name="picture">The finished picture; the result's from now on.</param>
    /// <param name="transparency">Where the ascent was at work in it; the result's from now on.</param>
    /// <param name="snapshots">What was kept of the way.</param>
    public AscentResult ToResult(torch.Tensor picture, torch.Tensor? transparency, IReadOnlyList<FilterSnapshot> snapshots)
    {
        AscentStatus status = _status is AscentStatus.StepLimit or AscentStatus.Converged && !IsRaised()
            ? AscentStatus.NotRaised
            : _status;
        AscentRescue rescue = IsRedirected ? AscentRescue.Redirected : AscentRescue.None;
        return new AscentResult(picture, transparency, AtEnd, _activations, status, rescue, snapshots) { AtStart = AtStart };
    }

    private bool HasSettled
    {
        get
        {
            if (tolerance == 0 || _activations.Count < 2 * Window)
            {
                return false;
            }

            double last = _activations.TakeLast(Window).Average();
            double before = _activations.SkipLast(Window).TakeLast(Window).Average();
            return (minimize ? before - last : last - before) < tolerance * Math.Max(Math.Abs(last), Math.Abs(before));
        }
    }

    // By the saved picture, where the layer takes it without its border, else by the steps; one step alone has none after it.
    private bool IsRaised()
    {
        if (!float.IsNaN(AtEnd))
        {
            return (minimize ? AtStart - AtEnd : AtEnd - AtStart) > LeastGain * Math.Max(Math.Abs(AtStart), Math.Abs(AtEnd));
        }

        return _activations.Count == 1
            || _activations.Skip(1).Any(value => minimize ? value < _activations[0] : value > _activations[0]);
    }
}
