namespace CnnViz.Ascent;

/// <summary>
/// Other ways to a picture where nothing raised the first one, or where a picture of a single colour beats it: the best of some simple
/// pictures as the start or, where it can be none, other noise; smaller steps; and the value before the rectifier.
/// </summary>
/// <param name="ascent">What made the first pictures.</param>
/// <param name="probes">Simple pictures to start from; null where none can be a start.</param>
/// <param name="staysAtStart">Whether the start stays what it is.</param>
/// <param name="minimize">Whether down is the way.</param>
/// <param name="climb">Makes one picture.</param>
internal sealed class SecondAttempts(
    GradientAscent ascent,
    StartProbes? probes,
    bool staysAtStart,
    bool minimize,
    Func<AscentTarget, CancellationToken, AscentResult> climb)
{
    private const float SmallerStep = 1f / 8;

    // A difference that is no more than rounding to 8 bits makes is none.
    private const float LeastGain = 1e-3f;

    // Other recipes hold back from pictures of a single colour.
    private readonly bool _reachesColours =
        probes is not null && !ascent.Recipe.Penalties.Any && ascent.Recipe.Image is { Contrast: null, Stretch: 0 };

    /// <summary>The best of the first picture and of those by other ways, which are tried as far as needed.</summary>
    /// <param name="target">The target, with the seed of the first attempt (0) and of others.</param>
    /// <param name="first">What the first attempt came to; disposed where another is better.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public AscentResult Improve(Func<int, AscentTarget> target, AscentResult first, CancellationToken cancellation)
    {
        (AscentResult best, CnnObjective objective) = (first, target(0).Objective);
        if (first.Status == AscentStatus.Diverged)
        {
            // A step was too long; but where the first value is none already, no step is.
            if (float.IsFinite(first.Activations[0]))
            {
                Try(target(0) with { StepShare = SmallerStep }, AscentRescue.SmallerSteps);
            }

            return best;
        }

        if (IsGood())
        {
            return best;
        }

        foreach ((AscentTarget attempt, AscentRescue rescue) in OtherStarts(target, first, cancellation))
        {
            if (!IsGood())
            {
                Try(attempt, rescue);
            }
        }

        if (!best.HasSignal && objective.BeforeRectifier is { } before)
        {
            Try(target(0) with { Objective = before }, AscentRescue.PreActivation);
        }

        return best;

        void Try(AscentTarget attempt, AscentRescue rescue)
        {
            AscentResult next = climb(attempt, cancellation);
            bool isBetter = next.HasSignal && (!best.HasSignal || IsAbove(next.Activation, best.Activation));
            (best, AscentResult other) = isBetter ? (next with { Rescue = next.Rescue | rescue }, best) : (best, next);
            other.Dispose();
        }

        bool IsGood() => best.HasSignal && !(_reachesColours && IsAbove(probes!.BestColour(objective, cancellation), best.Activation));
    }

    private IEnumerable<(AscentTarget Attempt, AscentRescue Rescue)> OtherStarts(
        Func<int, AscentTarget> target, AscentResult first, CancellationToken cancellation)
    {
        (int number, float value) = probes?.Best(target(0).Objective, cancellation) ?? (0, float.NaN);
        if (IsAbove(value, first.AtStart) && IsAbove(value, first.Activation))
        {
            // What is saved may be the start itself, where nothing beats a single colour.
            float? least = _reachesColours ? first.AtStart : null;
            yield return (target(1) with { Start = number, AtStart = least }, AscentRescue.Restarted);
            yield return (
                target(2) with { Start = number, AtStart = least, StepShare = SmallerStep },
                AscentRescue.Restarted | AscentRescue.SmallerSteps);
            yield break;
        }

        if (probes is null && !staysAtStart)
        {
            yield return (target(1), AscentRescue.Restarted);
            yield return (target(2), AscentRescue.Restarted);
        }

        if (first.Status == AscentStatus.NotRaised)
        {
            yield return (target(0) with { StepShare = SmallerStep }, AscentRescue.SmallerSteps);
        }
    }

    private bool IsAbove(float value, float other) =>
        (minimize ? other - value : value - other) > LeastGain * Math.Max(Math.Abs(value), Math.Abs(other));
}
