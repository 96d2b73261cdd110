namespace CnnViz.Activations;

/// <summary>What a map over a photo says of a filter.</summary>
public enum MapMethod : long
{
    /// <summary>How strongly the filter answers at each position: its own activations.</summary>
    Activation,

    /// <summary>
    /// Which positions of an earlier layer speak for the filter: that layer's maps, weighted by the mean gradient of the filter's answer, where the
    /// sum is above 0 (Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", 2017).
    /// </summary>
    GradCam,

    /// <summary>
    /// How much the filter's answer falls when a square covers that place of the photo (Zeiler and Fergus, "Visualizing and Understanding
    /// Convolutional Networks", 2014).
    /// </summary>
    Occlusion,
}
