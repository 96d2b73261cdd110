using CnnViz.Pictures;

namespace CnnViz.Activations;

/// <summary>What the file of a map over an image says about it. The members, in their order, are those of the JSON object.</summary>
internal sealed record FilterMapFacts
{
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required string Layer { get; init; }

    public required int Filter { get; init; }

    public string? ClassName { get; init; }

    public required MapMethod Method { get; init; }

    public string? MapLayer { get; init; }

    public int? WindowSize { get; init; }

    public int? Rank { get; init; }

    /// <summary>Name of the image's file.</summary>
    public string? Image { get; init; }

    // JSON has no infinities: null is what is no number.
    public float? Mean { get; init; }

    public float? Max { get; init; }

    public int Rows { get; init; }

    public int Columns { get; init; }

    public float? Minimum { get; init; }

    public float? Maximum { get; init; }

    /// <summary>The first position's centre and the steps to the next, in pixels of the image as it was fed to the network.</summary>
    public MapGrid Grid { get; init; }

    public int Height { get; init; }

    public int Width { get; init; }

    public string? Version { get; init; }

    /// <summary>The facts of a map in memory.</summary>
    public static FilterMapFacts Of(FilterMap map) => new()
    {
        Model = map.Model,
        ModelSha256 = map.ModelSha256,
        Layer = map.Layer,
        Filter = map.Filter,
        ClassName = map.ClassName,
        Method = map.Method,
        MapLayer = map.MapLayer,
        WindowSize = map.WindowSize,
        Rank = map.Rank,
        Image = map.Image,
        Mean = Finite(map.Mean),
        Max = Finite(map.Max),
        Rows = map.Rows,
        Columns = map.Columns,
        Minimum = Finite(map.Minimum),
        Maximum = Finite(map.Maximum),
        Grid = map.Grid,
        Height = map.Height,
        Width = map.Width,
        Version = FactsText.Version,
    };

    /// <summary>What the file of the map says.</summary>
    public PictureFacts ToPictureFacts()
    {
        string what = Method switch
        {
            MapMethod.GradCam => $"Grad-CAM of {MapLayer}",
            MapMethod.Occlusion => "occlusion",
            _ => "activation",
        };
        return new PictureFacts($"{FactsText.TitleOf(Model, Layer, Filter, ClassName)}: {what} over {Image}", FactsText.Write(this));
    }

    private static float? Finite(float value) => float.IsFinite(value) ? value : null;
}
