using System.Globalization;
using System.Text.Json.Serialization;
using CnnViz.Activations;
using CnnViz.Quality;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>What an atlas has of a filter, or of an objective.</summary>
internal sealed class AtlasFilter
{
    /// <summary>Number of the filter in its layer; null for an objective.</summary>
    public int? Number { get; init; }

    /// <summary>What was raised, where it is not one filter alone.</summary>
    public string? Objective { get; init; }

    /// <summary>The class that the filter stands for, or null.</summary>
    public string? ClassName { get; set; }

    /// <summary>Its pictures, in the order in which they came first.</summary>
    public List<AtlasPicture> Pictures { get; init; } = [];

    /// <summary>Figures of its pictures.</summary>
    public List<FilterImageQuality> Qualities { get; init; } = [];

    /// <summary>What it does on many photos, where that was measured.</summary>
    public FilterStatistics? Statistics { get; set; }

    /// <summary>The parts of images that fire it, by their rank.</summary>
    public List<AtlasPatch> Patches { get; init; } = [];

    /// <summary>Name of its files, without extension: the number, or what AtlasAddress makes of the objective.</summary>
    [JsonIgnore]
    public string Key => Number is { } number ? number.ToString("0000", CultureInfo.InvariantCulture) : AtlasAddress.Of(Objective!);

    /// <summary>Where it stands among its layer's entries: numbers beyond four digits come last.</summary>
    [JsonIgnore]
    public string Order => Number is { } number ? number.ToString("0000000000", CultureInfo.InvariantCulture) : Objective!;

    [JsonIgnore]
    public string Title => Number is { } number ? number.ToString(CultureInfo.InvariantCulture) : Objective!;

    /// <summary>The picture that stands for it: the first that shows something, else the first; null where there is none.</summary>
    [JsonIgnore]
    public AtlasPicture? Main => Pictures.FirstOrDefault(picture => picture.Reason is null) ?? Pictures.FirstOrDefault();

    /// <summary>The figures of a picture, or null.</summary>
    public FilterImageQuality? QualityOf(AtlasPicture picture) =>
        Qualities.Find(quality => IsSame(quality, picture))
        ?? (picture == Main ? Qualities.Find(quality => quality.Recipe is null && quality.Seed is null) : null);

    private static bool IsSame(FilterImageQuality quality, AtlasPicture picture) =>
        quality.Recipe == picture.Recipe && quality.Seed == picture.Seed && quality.Minimized == picture.Minimized;
}
