namespace CnnViz.Ascent;

/// <summary>The numbers of an ascent under a name: an image parameter, random views, penalties and an update rule.</summary>
public sealed record Recipe
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of steps; of each octave, for a dream.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// The ascent has settled when the mean activation of its last 16 steps is less than this share above that of the 16 before; 0 takes all
    /// steps.
    /// </summary>
    public double Tolerance { get; init; }

    /// <summary>Side of the picture in pixels, for networks whose own input is not smaller; null for the size of that input.</summary>
    public int? Size { get; init; } = 128;

    /// <summary>What is changed.</summary>
    public ImageSettings Image { get; init; } = new();

    /// <summary>How the network sees it.</summary>
    public ViewSettings Views { get; init; } = new();

    /// <summary>What is held against it.</summary>
    public PenaltySettings Penalties { get; init; } = new();

    /// <summary>How it is changed.</summary>
    public UpdateSettings Update { get; init; } = new();

    /// <summary>The octaves and tiles of a dream; null for an ascent at one size.</summary>
    public DreamSettings? Dream { get; init; }

    /// <summary>
    /// The Keras guide "Visualizing what convnets learn": noise (U(0,1) − 0.5)·0.25 on an input of −1…1, 30 steps of 10 along the
    /// L2-normalized gradient at 180×180, standardized to σ 0.15, 25 pixels cut off each side. Its step is 10/√(180·180·3) = 0.032
    /// of an input of width 2, which is 0.016 of the picture's range as a root mean square; so it holds for any size. The noise here is
    /// normal, with the same standard deviation.
    /// </summary>
    public static Recipe Classic { get; } = new()
    {
        Name = "Classic",
        Steps = 30,
        Image = new() { InitialNoise = 0.125f / 3.4641016f, Contrast = 0.15f, Border = 25.0 / 130 },
        Update = new() { StepSize = 0.016f },
    };

    /// <summary>
    /// Lucid's parameters (Fourier coefficients, uncorrelated colours, the logistic function) with one random affine view a step, of which
    /// most are of the picture as a JPEG file keeps it: what a file loses was noise, not what the filter looks for.
    /// </summary>
    public static Recipe Robust { get; } = new()
    {
        Name = "Robust",
        Steps = 128,
        Image = new() { Parameter = ImageParameter.Fourier, Range = ImageRange.Sigmoid, DecorrelateColors = true, Decay = 1.2 },
        Views = new() { Jitter = 0.06, MinZoom = 0.9, MaxZoom = 1.1, Rotation = 5, Compressed = 0.7 },
        Update = new() { Rule = UpdateRule.NAdam, StepSize = 0.05f },
    };

    /// <summary>
    /// MaCo (Fel et al., "Unlocking Feature Visualization for Deeper Networks with MAgnitude Constrained Optimization", 2023): phases under
    /// the magnitudes of natural images, and random crops that shrink. One crop a step instead of 32, a step that ends in nothing, and crops
    /// that stay large enough for a picture of this size.
    /// </summary>
    public static Recipe Natural { get; } = new()
    {
        Name = "Natural",
        Steps = 256,
        Image = new() { Parameter = ImageParameter.Phase, Range = ImageRange.Sigmoid, DecorrelateColors = true, Stretch = 1 },
        Views = new() { CropFrom = 0.5, CropTo = 0.35, Noise = 0.02 },
        Update = new() { Rule = UpdateRule.NAdam, StepSize = 1, Schedule = StepSchedule.Cosine },
    };

    /// <summary>
    /// Google's DeepDream (Mordvintsev, Olah and Tyka, "Inceptionism", 2015) for the way from a photo: at each octave 10 steps of 1.5/255
    /// along the gradient, divided by its mean absolute value; values are clipped at every step.
    /// </summary>
    public static Recipe DeepDream { get; } = new()
    {
        Name = "DeepDream",
        Steps = 10,
        Image = new() { Range = ImageRange.Clip },
        Update = new() { StepSize = 1.5f / 255, GradientNormalization = GradientNormalization.MeanAbsolute },
        Dream = new(),
    };

    /// <summary>All recipes for ascents at one size, with numbers for filters.</summary>
    public static IReadOnlyList<Recipe> All { get; } = [Classic, Natural, Robust];

    /// <summary>
    /// The recipes of the same names with numbers for classes. A class is recognised at more scales and places than a filter, which sees a
    /// part of the image; so views may differ more, and the picture has the size that the network was made for. Classes resemble one another,
    /// so that the picture is held to the one that is meant.
    /// </summary>
    public static IReadOnlyList<Recipe> ForClasses { get; } =
    [
        Classic with { Size = null },
        Natural with { Size = null, Views = Natural.Views with { CropFrom = 0.75, CropTo = 0.5 } },
        Robust with
        {
            Size = null,
            Steps = 96,
            Views = Robust.Views with { Jitter = 0.15, MinZoom = 0.6, MaxZoom = 1.15, Rotation = 12, Compressed = 0.3 },
            Penalties = new() { Rivals = 1 },
        },
    ];

    /// <summary>The name.</summary>
    public override string ToString() => Name;
}
