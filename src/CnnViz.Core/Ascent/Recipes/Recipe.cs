namespace CnnViz.Ascent;

/// <summary>
/// The numbers of an ascent under a name: an image parameter, random views, penalties and an update rule. Immutable, and equal to another
/// recipe where all of its numbers are.
/// </summary>
public sealed partial record Recipe
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Number of steps; of each octave, for a dream.</summary>
    [Setting(nameof(Steps), 1, 1_000_000)]
    public required int Steps { get; init; }

    /// <summary>
    /// The ascent has settled when the mean activation of its last 16 steps is less than this share above that of the 16 before; 0 takes all
    /// steps.
    /// </summary>
    [Setting(nameof(Tolerance), 0, 1)]
    public double Tolerance { get; init; }

    /// <summary>The size of the finished picture; null for what <see cref="UsualSide"/> comes to.</summary>
    public PictureSize? Size { get; init; }

    /// <summary>
    /// Where <see cref="Size"/> is null: side of the picture in pixels, for networks whose own input is not smaller and layers that take it;
    /// null for the size of that input.
    /// </summary>
    [Setting(nameof(UsualSide), 1, 16384)]
    public int? UsualSide { get; init; } = 128;

    /// <summary>What is changed.</summary>
    public ImageSettings Image { get; init; } = new();

    /// <summary>How the network sees it.</summary>
    public ViewSettings Views { get; init; } = new();

    /// <summary>What is held against it.</summary>
    public PenaltySettings Penalties { get; init; } = new();

    /// <summary>The photos that it is to resemble.</summary>
    public ReferenceSettings References { get; init; } = new();

    /// <summary>How it is changed.</summary>
    public UpdateSettings Update { get; init; } = new();

    /// <summary>The octaves and tiles of a dream; null for an ascent at one size.</summary>
    public DreamSettings? Dream { get; init; }

    /// <summary>For <see cref="ImageParameter.Phase"/>: pictures that the magnitudes are taken from; null for those of natural images.</summary>
    [Setting(nameof(Spectrum))]
    public PictureList? Spectrum { get; init; }

    /// <summary>Throws where a number is out of its range, or numbers contradict one another.</summary>
    /// <exception cref="CnnVizException">The first number that cannot be.</exception>
    public void Validate() => RecipeRules.Check(this);

    /// <summary>
    /// The name and, for a recipe that has the name of a published one, what is different, such as <c>Robust (Steps 64, Decay 1.1)</c>.
    /// </summary>
    public override string ToString() => RecipeText.Of(this);
}
