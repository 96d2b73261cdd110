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

    /// <summary>
    /// How many filters climb at once. A picture does not depend on the others of its batch, but in its details on the size of the
    /// batch: libtorch rounds differently for another one, and thirty steps make much of little.
    /// </summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Whether to go down instead of up.</summary>
    public bool Minimize { get; init; }

    /// <summary>The recipe with the user's numbers in place.</summary>
    /// <param name="valuesPerImage">Number of values of an image during the ascent.</param>
    /// <exception cref="CnnVizException">The raw gradient is to be used without a step size of the user's own.</exception>
    internal Recipe Resolve(long valuesPerImage)
    {
        GradientNormalization normalization = GradientNormalization ?? Recipe.GradientNormalization;
        return Recipe with
        {
            Steps = Steps ?? Recipe.Steps,
            StepSize = StepSize ?? DefaultStepSize(normalization, valuesPerImage),
            GradientNormalization = normalization,
        };
    }

    // The recipe's step is a typical change of one pixel. Along an L2-normalized gradient that takes a step √N times as long.
    private float DefaultStepSize(GradientNormalization normalization, long valuesPerImage) => normalization switch
    {
        Ascent.GradientNormalization.L2 => Recipe.StepSize * MathF.Sqrt(valuesPerImage),
        Ascent.GradientNormalization.None => throw new CnnVizException(
            "StepSizeNeeded",
            "Without gradient normalization there is no step size that suits every network.",
            "Give -StepSize as well."),
        _ => Recipe.StepSize,
    };
}
