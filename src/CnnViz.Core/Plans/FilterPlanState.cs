using System.Globalization;

namespace CnnViz.Plans;

/// <summary>How far the pictures of a plan are, by the names of the files and by the ledgers; no picture is opened.</summary>
public sealed record FilterPlanState
{
    /// <summary>Full path of the folder.</summary>
    public required string Path { get; init; }

    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>How many pictures the plan has.</summary>
    public required long Pictures { get; init; }

    /// <summary>How many are done: those of filters that nothing raises are.</summary>
    public required long Done { get; init; }

    /// <summary>How many of these came to no picture, because nothing raises their filters.</summary>
    public required long NoSignal { get; init; }

    /// <summary>How many failed when they were last tried, and are tried again in the next run.</summary>
    public required long Failed { get; init; }

    /// <summary>How many are not done, and did not fail.</summary>
    public required long Missing { get; init; }

    /// <summary>The finished share of the whole by its estimated cost, 0…1.</summary>
    public required double Fraction { get; init; }

    /// <summary>Hours that one worker needs for the rest, at the speed of those that were at work so far; null before there is one.</summary>
    public required double? HoursLeft { get; init; }

    /// <summary>Whether nothing is left to do.</summary>
    public bool IsComplete => Done == Pictures;

    /// <summary>Such as <c>resnet50: 1200 of 26560 done, 2 failed</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Model}: {Done} of {Pictures} done, {Failed} failed");
}
