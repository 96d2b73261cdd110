namespace CnnViz.Activations;

/// <summary>How is found what of an image a filter's answer comes from.</summary>
public sealed record AttributionOptions
{
    /// <summary>The method; not <see cref="MapMethod.Activation"/>.</summary>
    public MapMethod Method { get; init; } = MapMethod.GradCam;

    /// <summary>For Grad-CAM, the name of the layer whose positions the map has; null for the last one that has maps before the filter.</summary>
    public string? MapLayer { get; init; }

    /// <summary>For occlusion, the side of the square that covers the image, in pixels of the network's input; null for a seventh of its shorter side.</summary>
    public int? WindowSize { get; init; }

    /// <summary>Pixels from one place of the square to the next; null for half of its side.</summary>
    public int? Stride { get; init; }

    /// <summary>The grey of the square, 0…1.</summary>
    public double Baseline { get; init; } = 0.5;

    /// <summary>How many covered images run at once.</summary>
    public int BatchSize { get; init; } = 8;
}
