namespace CnnViz.Ascent;

/// <summary>
/// The numbers of an ascent under a name. Values of pixels are in units of the picture's range: 1 is the way from black to white.
/// </summary>
public sealed record Recipe
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of steps.</summary>
    public required int Steps { get; init; }

    /// <summary>What the gradient is divided by before each step.</summary>
    public required GradientNormalization GradientNormalization { get; init; }

    /// <summary>What the RMS-normalized gradient is multiplied by; in a recipe that was used, what the gradient was multiplied by.</summary>
    public required float StepSize { get; init; }

    /// <summary>Side of the picture in pixels, for networks whose own input is not smaller.</summary>
    public required int Size { get; init; }

    /// <summary>
    /// Width of the border that is cut off after the ascent, as a share of the picture's side; rounded to a multiple of the layer's
    /// stride.
    /// </summary>
    public required double Border { get; init; }

    /// <summary>The start is 0.5 plus uniform noise of this width: 0.5 ± half of it.</summary>
    public required float InitialNoise { get; init; }

    /// <summary>Standard deviation of the finished picture's values around 0.5.</summary>
    public required float Contrast { get; init; }

    /// <summary>
    /// The Keras guide "Visualizing what convnets learn": noise (U(0,1) − 0.5)·0.25 on an input of −1…1, 30 steps of 10 along the
    /// L2-normalized gradient at 180×180, standardized to σ 0.15, 25 pixels cut off each side. Its step is 10/√(180·180·3) = 0.032
    /// of an input of width 2, which is 0.016 of the picture's range as a root mean square; so it holds for any size.
    /// </summary>
    public static Recipe Classic { get; } = new()
    {
        Name = "Classic",
        Steps = 30,
        GradientNormalization = GradientNormalization.Rms,
        StepSize = 0.016f,
        Size = 128,
        Border = 25.0 / 130,
        InitialNoise = 0.125f,
        Contrast = 0.15f,
    };

    /// <summary>All recipes.</summary>
    public static IReadOnlyList<Recipe> All { get; } = [Classic];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
