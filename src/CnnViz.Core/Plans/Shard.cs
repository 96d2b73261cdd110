using System.Globalization;

namespace CnnViz.Plans;

/// <summary>Which share of a plan, of how many.</summary>
/// <param name="Index">Its number, from 0.</param>
/// <param name="Count">How many there are.</param>
public readonly record struct Shard(int Index, int Count)
{
    private const int Most = 1_000_000;

    // Engines whose arrays begin anywhere and go on in steps: the variables of the number, the first number, the step, and the count or the last number.
    private static readonly (string Index, string First, string Step, string Count, bool IsLast)[] s_ranges =
    [
        ("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT", false),
        ("SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_STEPSIZE", "SGE_TASK_LAST", true),
    ];

    // Engines that count from 0: the variables of the number and, where there is one, of the count.
    private static readonly (string Index, string? Count)[] s_counters =
    [
        ("CNNVIZ_SHARD_INDEX", null),
        ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE"),
        ("JOB_COMPLETION_INDEX", null),
        ("PBS_ARRAY_INDEX", null),
        ("PBS_ARRAYID", null),
    ];

    /// <summary>The environment variable that says how many shards there are, for engines that do not.</summary>
    public const string CountVariable = "CNNVIZ_SHARD_COUNT";

    /// <summary>The share that is asked for: what is given or, failing that, what the engine's variables say or, failing that, all of the plan.</summary>
    /// <param name="index">The number that is given, or null.</param>
    /// <param name="count">How many there are, if that is given; or null.</param>
    /// <param name="variables">The environment.</param>
    /// <exception cref="CnnVizException">There is a number and no count (ShardCountMissing), or they cannot be (ShardInvalid).</exception>
    public static Shard Find(int? index, int? count, Func<string, string?> variables)
    {
        (int? ownIndex, int? ownCount) = index is null ? OfEngine(variables) : (index, null);
        int? all = count ?? ownCount ?? Number(variables, CountVariable);
        if (ownIndex is { } known)
        {
            return Checked(known, all ?? throw new CnnVizException(
                "ShardCountMissing",
                $"This is shard {known}, and nobody says of how many.",
                $"Give -ShardCount, or set the environment variable {CountVariable}."));
        }

        return all is null or 1 ? new Shard(0, 1) : throw new CnnVizException(
            "ShardIndexMissing", $"There are {all} shards, and nobody says which one this is.", "Give -ShardIndex, from 0.");
    }

    private static (int? Index, int? Count) OfEngine(Func<string, string?> variables)
    {
        foreach ((string index, string? count) in s_counters)
        {
            if (Number(variables, index) is { } number)
            {
                return (number, count is null ? null : Number(variables, count));
            }
        }

        foreach ((string index, string firstName, string stepName, string countName, bool isLast) in s_ranges)
        {
            if (Number(variables, index) is not { } number)
            {
                continue;
            }

            (int first, int step) = (Number(variables, firstName) ?? 0, Math.Max(1, Number(variables, stepName) ?? 1));
            int? count = Number(variables, countName);
            int? shards = isLast ? (count - first) / step + 1 : count;
            return (number - first) % step == 0
                ? ((number - first) / step, shards)
                : throw Invalid($"{index}={number} is not one of the numbers from {first} in steps of {step}");
        }

        return (null, null);
    }

    private static Shard Checked(int index, int count) =>
        count is > 0 and <= Most && index >= 0 && index < count ? new Shard(index, count) : throw Invalid($"there is no shard {index} of {count}");

    private static CnnVizException Invalid(string reason) => new(
        "ShardInvalid",
        $"The number of the shard cannot be: {reason}.",
        "Number an array's tasks from 0 without gaps, or give -ShardIndex, from 0, and -ShardCount.");

    // Engines set some variables to words, such as SGE's "undefined", where there is no array.
    private static int? Number(Func<string, string?> variables, string name) =>
        int.TryParse(variables(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Such as <c>shard 3 of 100</c>: the number from 0.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"shard {Index} of {Count}");
}
