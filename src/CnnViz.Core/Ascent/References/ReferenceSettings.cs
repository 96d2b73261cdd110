namespace CnnViz.Ascent;

/// <summary>
/// The photos that a picture is to resemble, to the network: how strong its channels answer, over the positions of the map, becomes what it is
/// for the photos (Adağ Görgün, Schiele and Fischer, "VITAL: More Understandable Feature Visualization through Distribution Alignment and Relevant
/// Information Flow", 2025).
/// </summary>
public sealed record ReferenceSettings
{
    /// <summary>The photos; null for none.</summary>
    [Setting("Reference")]
    public PictureList? Pictures { get; init; }

    /// <summary>What likeness counts, 0…1; the activation counts the rest. With 1, the picture is one of what the photos have in common.</summary>
    [Setting(nameof(Likeness), 0, 1)]
    public double Likeness { get; init; }

    /// <summary>
    /// The share of the photos that a picture is to resemble: those that fire the filter most, but one at least. Of a photo counts what the filter
    /// sees where it fires most.
    /// </summary>
    [Setting("ReferenceShare", double.Epsilon, 1)]
    public double Share { get; init; } = 1;

    /// <summary>All of its numbers, by the names of settings.</summary>
    public override string ToString() => RecipeText.OfPart(this);

    /// <summary>Whether there is anything to resemble.</summary>
    internal bool Any => Pictures is not null && Likeness > 0;

    /// <summary>The same as files tell it: with the names of the pictures in one text, so that who wants to repeat it is told that they are not there.</summary>
    internal ReferenceSettings? ForFiles => Any ? this with { Pictures = new PictureList([Pictures!.ToString()]) } : null;
}
