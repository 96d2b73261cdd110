namespace CnnViz.Ascent;

/// <summary>
/// What a recipe holds against an image; a weight of 0 leaves a penalty out. Penalties are relative to the activation: with weight w a
/// penalty that grows by 1/w outweighs an activation that grows by its own size. So a weight means the same in every layer.
/// </summary>
public sealed record PenaltySettings
{
    /// <summary>Weight of the total variation: mean absolute difference of neighbouring values, across and down.</summary>
    [Setting(nameof(TotalVariation), 0, 1e6)]
    public double TotalVariation { get; init; }

    /// <summary>Weight of the L1 norm: mean distance of the values from grey, 0.5.</summary>
    [Setting(nameof(L1), 0, 1e6)]
    public double L1 { get; init; }

    /// <summary>Weight of the L2 norm: root of the mean squared distance from grey.</summary>
    [Setting(nameof(L2), 0, 1e6)]
    public double L2 { get; init; }

    /// <summary>Weight of what blurring takes away: root of the mean squared difference from the image blurred over 3×3 pixels.</summary>
    [Setting(nameof(Blur), 0, 1e6)]
    public double Blur { get; init; }

    /// <summary>Weight of the border: as L2, over the outer eighth of the image on each side.</summary>
    [Setting("BorderPenalty", 0, 1e6)]
    public double Border { get; init; }

    /// <summary>
    /// Weight of the strongest other filter of the layer, as far as it is above the one that is raised: then the picture is one that this
    /// filter answers to more than any other. Counts by itself, not relative to the activation.
    /// </summary>
    [Setting("RivalPenalty", 0, 1e6)]
    public double Rivals { get; init; }

    /// <summary>All of its numbers, by the names of settings.</summary>
    public override string ToString() => RecipeText.OfPart(this);

    /// <summary>Whether there is any on the image itself.</summary>
    internal bool Any => TotalVariation != 0 || L1 != 0 || L2 != 0 || Blur != 0 || Border != 0;
}
