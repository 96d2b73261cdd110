namespace CnnViz.Ascent;

/// <summary>One picture to make.</summary>
/// <param name="Objective">What it is to raise.</param>
/// <param name="Seed">What its noise and its views follow from.</param>
internal readonly record struct AscentTarget(CnnObjective Objective, ulong Seed)
{
    /// <summary>The picture to start from, of those that probe for starts, with the noise of the seed; null for noise alone, or the user's picture.</summary>
    public int? Start { get; init; }

    /// <summary>What the objective is worth for what an earlier attempt began with, which this one has to beat; null for its own start's.</summary>
    public float? AtStart { get; init; }

    /// <summary>What steps are multiplied by.</summary>
    public float StepShare { get; init; } = 1;
}
