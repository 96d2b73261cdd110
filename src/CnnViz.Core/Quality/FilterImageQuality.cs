using System.Globalization;

namespace CnnViz.Quality;

/// <summary>
/// Figures that tell whether a maximized picture can be trusted, taken on the picture as it is saved. A figure that would mean nothing
/// is null.
/// </summary>
public sealed record FilterImageQuality
{
    private static readonly IReadOnlyList<string> s_noReasons = new ValueList<string>([]);
    private static readonly IReadOnlyList<PathPoint> s_none = new ValueList<PathPoint>([]);

    /// <summary>Name of the model that it was measured with.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Name of the layer that it was measured with.</summary>
    public required string Layer { get; init; }

    /// <summary>Number of the filter in its layer.</summary>
    public required int Filter { get; init; }

    /// <summary>Number of filters of the layer, of which <see cref="Rank"/> and <see cref="StandardRank"/> are places.</summary>
    public required int Filters { get; init; }

    /// <summary>The class that the filter stands for, or null.</summary>
    public required string? ClassName { get; init; }

    /// <summary>Full path of the picture's file; null for a picture in memory.</summary>
    public required string? Path { get; init; }

    /// <summary>The seed of the ascent, where it is known.</summary>
    public required long? Seed { get; init; }

    /// <summary>Name of the recipe of the ascent, where it is known.</summary>
    public required string? Recipe { get; init; }

    /// <summary>
    /// Whether the activation was to go down instead of up. Then ranks count from the lowest, and ratios are of activations below zero.
    /// </summary>
    public required bool Minimized { get; init; }

    /// <summary>Height in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Width in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Mean of the filter's map.</summary>
    public required float Activation { get; init; }

    /// <summary>
    /// 1 if no filter of the layer answers more to the picture, by the means of their maps; 2 if one does. Filters whose scale is larger
    /// than this one's come before it whatever the picture shows; see <see cref="StandardRank"/>.
    /// </summary>
    public required int? Rank { get; init; }

    /// <summary>
    /// The same after each filter's activation is standardized: less its mean over the positions of reference pictures, in units of its
    /// standard deviation over them. Reference pictures are the natural images, or eight pictures of noise with their spectrum.
    /// </summary>
    public required int? StandardRank { get; init; }

    /// <summary>
    /// Mean of the retentions below: each is the activation after a disturbance over the <see cref="Activation"/>. All are null where
    /// that is not above zero (not below, for a minimized picture), as the ratio would mean nothing.
    /// </summary>
    public required float? Retention { get; init; }

    /// <summary>Retention at 0.92 of the size.</summary>
    public required float? RetentionSmaller { get; init; }

    /// <summary>Retention at 1.08 of the size.</summary>
    public required float? RetentionLarger { get; init; }

    /// <summary>Retention after a shift by a twentieth of the size, down and to the right.</summary>
    public required float? RetentionShift { get; init; }

    /// <summary>Retention after a turn of 5° to the left.</summary>
    public required float? RetentionLeft { get; init; }

    /// <summary>Retention after a turn of 5° to the right.</summary>
    public required float? RetentionRight { get; init; }

    /// <summary>Retention after JPEG compression of quality 75.</summary>
    public required float? RetentionJpeg { get; init; }

    /// <summary>Mean activation over the sizes 0.92, 1 and 1.08 and JPEG compression of quality 75.</summary>
    public required float? RobustActivation { get; init; }

    /// <summary>The highest activation (lowest, for a minimized picture) that a natural image has; null without natural images.</summary>
    public required float? NaturalActivation { get; init; }

    /// <summary>
    /// <see cref="Activation"/> over <see cref="NaturalActivation"/>; null where that is not above zero (below, for a minimized picture).
    /// </summary>
    public required float? NaturalRatio { get; init; }

    /// <summary>Path of the natural image that has it.</summary>
    public required string? NaturalImage { get; init; }

    /// <summary>
    /// How the picture is like natural images to each layer on the way to the filter; none without natural images, with fewer than four, and where no layer comes
    /// before.
    /// </summary>
    public IReadOnlyList<PathPoint> PathCurve { get; init; } = s_none;

    /// <summary>
    /// One figure for the way: 1 for a picture that is, to the layers before, as like natural images that fire the filter as they are one another, 0 for one that is
    /// as like them as other images are. Null without a curve, and where the layers do not tell those images from others.
    /// </summary>
    public float? PathSimilarity { get; init; }

    /// <summary>
    /// Distance of the picture's radial spectrum from that of natural images, in decades of amplitude: 0 for none. Null for pictures of
    /// one colour and below 8 pixels.
    /// </summary>
    public required float? SpectralDistance { get; init; }

    /// <summary>
    /// Mean correlation, −1…1, of what the layer's other filters answer to this picture and to the filter's pictures from other seeds;
    /// null where there is none to compare with.
    /// </summary>
    public float? Agreement { get; init; }

    /// <summary>The mean correlation in the same way with the filter's pictures by other recipes; null where there is none.</summary>
    public float? RecipeAgreement { get; init; }

    /// <summary>Whether the ascent raised the filter at all (lowered, for a minimized picture); null where it is not known.</summary>
    public bool? HasSignal { get; init; }

    /// <summary>
    /// The share, 0…1, of natural patches that fire the filter less than those 8 do that are most like the picture by the network's own features: about 0.5
    /// where the picture has nothing to do with what fires the filter. Null without natural images, or with too few.
    /// </summary>
    public float? NaturalAgreement { get; init; }

    /// <summary>The same for the 8 natural patches that fire the filter most, by patches of other images: how clearly they tell what it responds to.</summary>
    public float? NaturalClarity { get; init; }

    /// <summary><see cref="NaturalAgreement"/> by the features of a second network; null without one.</summary>
    public float? JudgeAgreement { get; init; }

    /// <summary><see cref="NaturalClarity"/> by the features of a second network; null without one.</summary>
    public float? JudgeClarity { get; init; }

    /// <summary>What all the figures say of the picture; null without natural images, as the figures alone cannot tell.</summary>
    public PictureVerdict? Verdict { get; init; }

    /// <summary>What the verdict follows from, in sentences; none without a verdict.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = s_noReasons;

    /// <summary>Such as <c>inception_4c/3x3:7 (rank 1 of 256, activation 283.4, retention 0.62)</c>.</summary>
    public override string ToString()
    {
        string retention = Retention is { } value ? string.Create(CultureInfo.InvariantCulture, $", retention {value:0.00}") : string.Empty;
        string rank = Rank is { } place ? $"rank {place} of {Filters}, " : string.Empty;
        string verdict = Verdict is { } judged ? $"{judged}, ".ToLowerInvariant() : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{Layer}:{Filter} ({verdict}{rank}activation {Activation:0.0###}{retention})");
    }
}
