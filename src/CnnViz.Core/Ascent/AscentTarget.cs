using System.Text;

namespace CnnViz.Ascent;

/// <summary>One picture to make.</summary>
/// <param name="Objective">What it is to raise.</param>
/// <param name="Seed">What its noise and its views follow from.</param>
internal readonly record struct AscentTarget(CnnObjective Objective, ulong Seed)
{
    /// <summary>One whose noise and views follow from what it raises and the user's seed: the same picture whatever else is in the batch.</summary>
    /// <param name="objective">What it is to raise.</param>
    /// <param name="seed">The seed that the user gives.</param>
    /// <param name="attempt">Number of the attempt, from 0.</param>
    public static AscentTarget Of(CnnObjective objective, long seed, int attempt = 0)
    {
        // FNV-1a over both.
        string name = $"{seed}/{objective.SeedText.Replace(':', '/')}";
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(attempt == 0 ? name : $"{name}/{attempt}"))
        {
            hash = (hash ^ value) * 1099511628211;
        }

        return new AscentTarget(objective, hash);
    }

    /// <summary>The picture to start from, of those that probe for starts, with the noise of the seed; null for noise alone, or the user's picture.</summary>
    public int? Start { get; init; }

    /// <summary>What the objective is worth for what an earlier attempt began with, which this one has to beat; null for its own start's.</summary>
    public float? AtStart { get; init; }

    /// <summary>What steps are multiplied by.</summary>
    public float StepShare { get; init; } = 1;
}
