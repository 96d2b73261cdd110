using System.Globalization;

namespace CnnViz.Quality;

/// <summary>
/// How a picture is like natural ones to one layer on the way to a filter: Spearman's correlation of activations, −1…1, the mean over pairs of pictures.
/// </summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Similarity">Of the picture with natural images that fire the filter.</param>
/// <param name="Same">Of natural images that fire the filter with one another: what there is to reach.</param>
/// <param name="Other">Of natural images that fire the filter with others: what any picture reaches.</param>
public sealed record PathPoint(string Layer, float Similarity, float Same, float Other)
{
    /// <summary>Such as <c>conv2: 0.31 (0.22 to 0.41)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Layer}: {Similarity:0.00} ({Other:0.00} to {Same:0.00})");
}
