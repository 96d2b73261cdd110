using CnnViz.Networks;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>What an atlas knows of its model.</summary>
internal sealed record AtlasModel
{
    public required string Name { get; init; }

    /// <summary>SHA-256 of the model's file, in lower-case hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>How a picture becomes the network's input; null where it is not known.</summary>
    public string? Preprocessing { get; init; }

    /// <summary>Format of the model's file; null where the model was not at hand.</summary>
    public string? Format { get; init; }

    /// <summary>Such as <c>3×224×224</c>; null where the model was not at hand.</summary>
    public string? Input { get; init; }

    /// <summary>Number of trained values; null where the model was not at hand.</summary>
    public long? Parameters { get; init; }

    public static AtlasModel Of(CnnModel model) => new()
    {
        Name = model.Name,
        Sha256 = model.Sha256,
        Preprocessing = model.Preprocessing.ToString(),
        Format = model.Format,
        Input = model.InputShape.ToString(),
        Parameters = model.Parameters,
    };
}
