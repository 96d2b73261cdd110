namespace CnnViz.Showing.Plots;

/// <summary>How a plot looks.</summary>
public sealed record PlotOptions
{
    /// <summary>What stands above it; empty for nothing, null for what all curves have in common.</summary>
    public string? Title { get; init; }

    /// <summary>What the axis below says.</summary>
    internal string Across { get; init; } = "Step";

    /// <summary>What the axis at the side says.</summary>
    internal string Up { get; init; } = "Activation";

    /// <summary>Width in pixels.</summary>
    public int Width { get; init; } = 800;

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 500;
}
