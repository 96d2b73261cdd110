using System.Text.Json.Serialization;
using CnnViz.Networks;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>What an atlas knows of a layer, or of the pictures that are not about one filter alone.</summary>
internal sealed class AtlasLayer
{
    /// <summary>The author's name for it; null for the pictures of objectives.</summary>
    public string? Name { get; init; }

    /// <summary>What it does; null where the model was not at hand.</summary>
    public string? Kind { get; set; }

    /// <summary>Its place among the model's layers; null where the model was not at hand.</summary>
    public int? Index { get; set; }

    /// <summary>Number of filters; null where the model was not at hand.</summary>
    public int? Filters { get; set; }

    /// <summary>Such as <c>192×28×28</c>; null where the model was not at hand.</summary>
    public string? OutputShape { get; set; }

    /// <summary>Such as <c>139×139 / 8</c>; null where the model was not at hand.</summary>
    public string? ReceptiveField { get; set; }

    /// <summary>The side of the receptive field as a share of the image's, 0…1; null where the model was not at hand.</summary>
    public double? Reach { get; set; }

    /// <summary>What there is of its filters, in order. Has a file of its own.</summary>
    [JsonIgnore]
    public SortedList<string, AtlasFilter> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Its folder, from the atlas's.</summary>
    [JsonIgnore]
    public string Folder => Name is null ? "objectives" : $"layers/{AtlasAddress.Of(Name)}";

    [JsonIgnore]
    public string Title => Name ?? "Objectives and dreams";

    /// <summary>Takes what the model says of the layer.</summary>
    public void Describe(CnnLayer layer)
    {
        LayerShape input = layer.Model.InputShape;
        ReceptiveField field = layer.ReceptiveField;
        Kind = layer.Kind;
        Index = layer.Index;
        Filters = layer.Filters;
        OutputShape = layer.OutputShape.ToString();
        ReceptiveField = field.ToString();
        Reach = Math.Clamp(Math.Max(field.Height / input.Height, field.Width / input.Width), 0, 1);
    }
}
