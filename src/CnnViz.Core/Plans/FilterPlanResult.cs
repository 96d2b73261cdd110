using System.Globalization;
using System.Text.Json.Serialization;
using CnnViz.Ascent;

namespace CnnViz.Plans;

/// <summary>What came of one picture of a plan. The members, in their order, are those of a line in a ledger.</summary>
public sealed record FilterPlanResult
{
    /// <summary>Name of the layer.</summary>
    public required string Layer { get; init; }

    /// <summary>Number of the filter in its layer.</summary>
    public required int Filter { get; init; }

    /// <summary>The class that the filter stands for, or null.</summary>
    public string? ClassName { get; init; }

    /// <summary>The seed.</summary>
    public required long Seed { get; init; }

    /// <summary>How the ascent ended; null where it failed.</summary>
    public AscentStatus? Status { get; init; }

    /// <summary>What it took to move the filter.</summary>
    public AscentRescue Rescue { get; init; }

    /// <summary>The filter's mean activation for the picture; null where it is no number, or there is none.</summary>
    public float? Activation { get; init; }

    /// <summary>Seconds that the ascent took: its share of its batch's; null where a run was killed before it could say.</summary>
    public double? Seconds { get; init; }

    /// <summary>When it was written down, in universal time; null where a run was killed before it could say.</summary>
    public DateTime? Time { get; init; }

    /// <summary>Why there is none: the id of an error and its message; null where it is done.</summary>
    public string? Error { get; init; }

    /// <summary>Full path of the picture's file; null where there is none.</summary>
    [JsonIgnore]
    public string? Path { get; init; }

    /// <summary>Whether there is a picture.</summary>
    [JsonIgnore]
    public bool HasSignal => Status is AscentStatus.StepLimit or AscentStatus.Converged;

    /// <summary>What failed.</summary>
    [JsonIgnore]
    internal Exception? Failure { get; init; }

    /// <summary>What came of an ascent.</summary>
    internal static FilterPlanResult Of(FilterImageFacts facts) => new()
    {
        Layer = facts.Layer,
        Filter = facts.Filter!.Value,
        ClassName = facts.ClassName,
        Seed = facts.Seed,
        Status = facts.Status,
        Rescue = facts.Rescue,
        Activation = facts.Activation,
    };

    /// <summary>Such as <c>conv1:3 (seed 0, StepLimit, activation 12.5)</c>.</summary>
    public override string ToString() => Error is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Layer}:{Filter} (seed {Seed}, {Status}, activation {Activation:0.0###})")
        : string.Create(CultureInfo.InvariantCulture, $"{Layer}:{Filter} (seed {Seed}, {Error})");
}
