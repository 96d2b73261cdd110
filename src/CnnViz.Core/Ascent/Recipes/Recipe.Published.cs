using CnnViz.Networks;

namespace CnnViz.Ascent;

// The published recipes, their numbers, and where they come from.
public sealed partial record Recipe
{
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
        UsualSide = null,
        Image = new() { Range = ImageRange.Clip },
        Update = new() { StepSize = 1.5f / 255, GradientNormalization = GradientNormalization.MeanAbsolute },
        Dream = new(),
    };

    /// <summary><see cref="Classic"/>, with the size that the network was made for.</summary>
    public static Recipe ClassicClass { get; } = Classic with { Name = "ClassicClass", UsualSide = null };

    /// <summary>
    /// <see cref="Robust"/> with numbers for classes. A class is recognised at more scales and places than a filter, which sees a part of the
    /// image; so views differ more, and the picture has the size that the network was made for. Classes resemble one another, so that the
    /// picture is held to the one that is meant.
    /// </summary>
    public static Recipe RobustClass { get; } = Robust with
    {
        Name = "RobustClass",
        UsualSide = null,
        Steps = 96,
        Views = Robust.Views with { Jitter = 0.15, MinZoom = 0.6, MaxZoom = 1.15, Rotation = 12, Compressed = 0.3 },
        Penalties = new() { Rivals = 1 },
    };

    /// <summary><see cref="Natural"/> with numbers for classes: crops that show more of the picture, and the network's own size for them.</summary>
    public static Recipe NaturalClass { get; } = Natural with
    {
        Name = "NaturalClass",
        UsualSide = null,
        Views = Natural.Views with { CropFrom = 0.75, CropTo = 0.5 },
    };

    /// <summary>
    /// <see cref="Robust"/>, held to photos of what the filter sees where it fires most (<see cref="ReferenceSettings"/>): of a folder, a twentieth of
    /// them.
    /// </summary>
    public static Recipe Reference { get; } = Robust with { Name = "Reference", References = new() { Likeness = 0.25, Share = 0.05 } };

    /// <summary><see cref="RobustClass"/>, held to photos of the class.</summary>
    public static Recipe ReferenceClass { get; } = RobustClass with { Name = "ReferenceClass", References = new() { Likeness = 0.25 } };

    /// <summary>All published recipes.</summary>
    public static IReadOnlyList<Recipe> Published { get; } =
        [Classic, ClassicClass, DeepDream, Natural, NaturalClass, Reference, ReferenceClass, Robust, RobustClass];

    /// <summary>The one that is meant where nobody says.</summary>
    /// <param name="purpose">What for.</param>
    public static Recipe Default(RecipePurpose purpose) => purpose switch
    {
        RecipePurpose.Classes => RobustClass,
        RecipePurpose.Dreams => DeepDream,
        _ => Robust,
    };

    /// <summary>The published recipe of a name, in any case.</summary>
    /// <param name="name">The name.</param>
    /// <param name="purpose">What for; for classes, <c>Robust</c> is <see cref="RobustClass"/>.</param>
    /// <exception cref="CnnVizException">There is none.</exception>
    public static Recipe Get(string name, RecipePurpose purpose = RecipePurpose.Filters) =>
        (purpose == RecipePurpose.Classes ? Find(name + "Class") : null) ?? Find(name)
        ?? throw new CnnVizException(
            "RecipeNotFound",
            $"There is no recipe '{name}'.{NearestNames.Hint(name, Published.Select(recipe => recipe.Name))}",
            $"There are {string.Join(", ", Published.Select(recipe => recipe.Name))}.");

    private static Recipe? Find(string name) =>
        Published.FirstOrDefault(recipe => string.Equals(recipe.Name, name, StringComparison.OrdinalIgnoreCase));
}
