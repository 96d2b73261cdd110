using System.Globalization;

namespace CnnViz.Activations;

/// <summary>What a filter does on many photos. A figure that would mean nothing is null.</summary>
public sealed record FilterStatistics
{
    /// <summary>Name of the model.</summary>
    public required string Model { get; init; }

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal.</summary>
    public required string ModelSha256 { get; init; }

    /// <summary>Name of the layer.</summary>
    public required string Layer { get; init; }

    /// <summary>Number of the filter in its layer.</summary>
    public required int Filter { get; init; }

    /// <summary>The class that the filter stands for, or null.</summary>
    public required string? ClassName { get; init; }

    /// <summary>How many photos were measured.</summary>
    public required int Photos { get; init; }

    /// <summary>The share of the photos, 0…1, in which no value of the filter's map is above zero; 1 for a filter that is dead on all of them.</summary>
    public required double DeadShare { get; init; }

    /// <summary>The share of the positions of all maps, 0…1, whose value is not above zero.</summary>
    public required double Sparsity { get; init; }

    /// <summary>Mean of all values of all maps; null where it is not a number.</summary>
    public required double? Mean { get; init; }

    /// <summary>The largest value of all; null where a value is not a number in every photo.</summary>
    public required float? Max { get; init; }

    /// <summary>Full path of the photo with that value; null where an activation is never a number.</summary>
    public required string? MaxImage { get; init; }

    /// <summary>The other filter of the layer whose maps are most alike; null where the filter is the only one, or its maps are constant.</summary>
    public required int? Nearest { get; init; }

    /// <summary>Pearson's correlation of the maps of the two, over all positions of all photos, −1…1; 1 for a double.</summary>
    public required double? Correlation { get; init; }

    /// <summary>
    /// How alike the parts of photos are that fire the filter most: the mean cosine between the features of two of them, up to 1. Clarity of Dreyer
    /// et al. 2025, "Mechanistic understanding and validation of large AI models with SemanticLens", with the network's own features in place of another
    /// model's: what its classifier sees of the part.
    /// </summary>
    public double? Clarity { get; init; }

    /// <summary>
    /// Whether those parts show two things: 1 minus the cosine between the centres of two clusters of their features, from 0. Polysemanticity of the same paper.
    /// </summary>
    public double? Polysemanticity { get; init; }

    /// <summary>The folder of photos that the filter tells best from the others; null where all photos are in one.</summary>
    public string? Concept { get; init; }

    /// <summary>
    /// How well: the chance that the filter's largest value is larger for a photo of that folder than for another photo (area under the ROC curve), 0.5…1. As
    /// Bykov et al. 2023, "Labeling Neural Representations with Inverse Recognition" (INVERT), ranks concepts.
    /// </summary>
    public double? Auc { get; init; }

    /// <summary>Such as <c>inception_4c/3x3:7 (dead in 0.12 of 200 photos, mean 1.3)</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Layer}:{Filter} (dead in {DeadShare:0.##} of {Photos} photos, mean {Mean:0.0###})");
}
