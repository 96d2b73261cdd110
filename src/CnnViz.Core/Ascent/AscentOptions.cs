namespace CnnViz.Ascent;

/// <summary>What the user asks of an ascent; what is null follows the recipe.</summary>
public sealed record AscentOptions
{
    /// <summary>The named defaults.</summary>
    public Recipe Recipe { get; init; } = Recipe.Classic;

    /// <summary>Number of steps, at least 1.</summary>
    public int? Steps { get; init; }

    /// <summary>What the normalized gradient is multiplied by, in units of the picture's range.</summary>
    public float? StepSize { get; init; }

    /// <summary>What the gradient is divided by before each step.</summary>
    public GradientNormalization? GradientNormalization { get; init; }

    /// <summary>Height and width of the finished picture in pixels.</summary>
    public (int Height, int Width)? Size { get; init; }

    /// <summary>Pixels that are cut off each side after the ascent, which runs on an image larger by as much.</summary>
    public int? Border { get; init; }

    /// <summary>Path of a picture to start from instead of noise.</summary>
    public string? InitialImage { get; init; }

    /// <summary>Every picture's noise follows from this, the layer and the filter.</summary>
    public long Seed { get; init; }

    /// <summary>How many filters climb at once.</summary>
    public int BatchSize { get; init; } = 4;

    /// <summary>Whether to go down instead of up.</summary>
    public bool Minimize { get; init; }

    /// <summary>The recipe with the user's numbers in place.</summary>
    /// <exception cref="CnnVizException">The raw gradient is to be used without a step size of the user's own.</exception>
    internal Recipe Resolve()
    {
        GradientNormalization normalization = GradientNormalization ?? Recipe.GradientNormalization;
        if (normalization == Ascent.GradientNormalization.None && StepSize is null)
        {
            throw new CnnVizException(
                "StepSizeNeeded",
                "Without gradient normalization there is no step size that suits every network.",
                "Give -StepSize as well.");
        }

        return Recipe with
        {
            Steps = Steps ?? Recipe.Steps,
            StepSize = StepSize ?? Recipe.StepSize,
            GradientNormalization = normalization,
        };
    }
}
