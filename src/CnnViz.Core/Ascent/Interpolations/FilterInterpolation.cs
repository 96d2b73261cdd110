using System.Diagnostics;

namespace CnnViz.Ascent;

/// <summary>
/// A row of pictures from one objective to the next: each raises a weighted sum of the two, and the weights go in a straight line. All begin with
/// the same noise, see the same views and climb together, so that the same things stand in the same places (Mordvintsev et al., "Differentiable
/// Image Parameterizations", 2018; <see cref="AlignedAscent"/>).
/// </summary>
public sealed class FilterInterpolation
{
    private readonly CnnObjective[] _objectives;
    private readonly InterpolationPlace[] _places;
    private readonly AscentOptions _options;
    private readonly GradientAscent _ascent;

    /// <summary>Prepares the ascents.</summary>
    /// <param name="between">The objectives that the row goes through, at least two, all of one model.</param>
    /// <param name="count">Pictures from each objective to the next, both included; at least 2.</param>
    /// <param name="alignment">How much the pictures have in common, 0…1: the share of each step that follows from the gradients of the neighbours
    /// too. At 0 each picture climbs alone.</param>
    /// <param name="options">What the user asks for; of it, Count, BatchSize, MemoryLimit and Existing mean nothing here.</param>
    /// <exception cref="CnnVizException">The objectives are of several models, the model was disposed, or an option does not fit.</exception>
    /// <exception cref="ImageSizeException">A layer cannot take the size.</exception>
    public FilterInterpolation(IReadOnlyList<CnnObjective> between, int count, double alignment, AscentOptions options)
    {
        options.Recipe.Validate();
        RecipeRules.CheckIsNoDream(options.Recipe);
        if (between.Count < 2)
        {
            throw new CnnVizException(
                "TooFewFilters",
                $"An interpolation goes from one filter to another one, but there {(between.Count == 1 ? $"is only '{between[0]}'" : "are none")}.",
                "Give two filters or more.");
        }

        int rows = (between.Count - 1) * (count - 1) + 1;
        string[] names = [.. between.Select(objective => objective.ToString()!)];
        _places = [.. Enumerable.Range(0, rows).Select(number => new InterpolationPlace
        {
            Between = new ValueList<string>(names),
            Number = number,
            Count = rows,
            Mix = (double)number / (count - 1),
            Alignment = alignment,
        })];
        _objectives = [.. _places.Select(place => Mix(between, place.Number / (count - 1), place.Number % (count - 1) / (double)(count - 1)))];
        _options = options with { Alignment = alignment };
        using IDisposable lease = _objectives[0].Model.Lease();
        _ascent = new GradientAscent(_objectives, _options);
    }

    /// <summary>Makes the pictures; they are done at the same time.</summary>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>The pictures in their order; each is the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The model was disposed, or the output does not depend on the image in a way that has a gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterImage> Run(IProgress<AscentProgress>? progress, CancellationToken cancellation)
    {
        using IDisposable lease = _objectives[0].Model.Lease();
        var clock = Stopwatch.StartNew();
        ulong seed = AscentTarget.Of(_objectives[0], _options.Seed).Seed;
        AscentTarget[] targets = [.. _objectives.Select(objective => new AscentTarget(objective, seed))];
        AscentResult[] results = FreedScalar.Repeat(() => _ascent.Climb(targets, Report, cancellation));
        TimeSpan share = clock.Elapsed / results.Length;
        foreach ((AscentResult result, InterpolationPlace place) in results.Zip(_places))
        {
            yield return _ascent.ToImage(result, _objectives[place.Number], _options.Seed, share, place);
        }

        void Report(int step, float activation)
        {
            double done = (double)step / _ascent.Recipe.Steps;
            TimeSpan? remaining = step == 0 ? null : clock.Elapsed * ((1 - done) / done);
            progress?.Report(new AscentProgress(
                string.Join(" to ", _places[0].Between), 0, targets.Length, step, _ascent.Recipe.Steps, activation, done, remaining));
        }
    }

    private static CnnObjective Mix(IReadOnlyList<CnnObjective> between, int before, double share) =>
        share == 0 ? between[before] : new WeightedSum([(between[before], 1 - share), (between[before + 1], share)]);
}
