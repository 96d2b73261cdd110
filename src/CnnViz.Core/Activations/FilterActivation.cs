using System.Globalization;
using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>What one image does to one filter.</summary>
public record FilterActivation
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

    /// <summary>Full path of the image's file.</summary>
    public required string Path { get; init; }

    /// <summary>Name of that file.</summary>
    public string Image => System.IO.Path.GetFileName(Path);

    /// <summary>Mean of the filter's map; the value itself for a dense layer.</summary>
    public required float Mean { get; init; }

    /// <summary>Largest value of the filter's map; the value itself for a dense layer.</summary>
    public required float Max { get; init; }

    /// <summary>Where in the map the largest value is, the first of several; null for a dense layer.</summary>
    public required MapPosition? Position { get; init; }

    /// <summary>What that position sees of the image, in pixels of the picture as it was fed to the network.</summary>
    public required ImagePatch Patch { get; init; }

    /// <summary>The filter's map, row by row, where it is kept; else null.</summary>
    internal float[]? Map { get; init; }

    /// <summary>Such as <c>inception_4c/3x3:7 (cat.jpg, max 83.4)</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Layer}:{Filter} ({System.IO.Path.GetFileName(Path)}, max {Max:0.0###})");
}
