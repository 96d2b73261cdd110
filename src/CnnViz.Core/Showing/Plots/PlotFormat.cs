namespace CnnViz.Showing.Plots;

/// <summary>A format of plots.</summary>
public enum PlotFormat
{
    /// <summary>Lines and text, sharp at any size.</summary>
    Svg,

    /// <summary>Pixels.</summary>
    Png,
}
