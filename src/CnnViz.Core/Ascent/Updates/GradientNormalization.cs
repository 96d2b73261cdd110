namespace CnnViz.Ascent;

/// <summary>
/// What an image's gradient is divided by before each step, so that neither tiny nor huge gradients spoil the climb. Always image
/// by image, never over a batch.
/// </summary>
public enum GradientNormalization : long
{
    /// <summary>Its root mean square: √mean(g²). The step is then a typical change of one pixel, whatever the image's size.</summary>
    Rms,

    /// <summary>Its L2 norm: √Σg². The step is the length of the whole change; L2 step L equals RMS step L/√N for N values.</summary>
    L2,

    /// <summary>Its mean absolute value: mean|g|, as Google's DeepDream has it.</summary>
    MeanAbsolute,

    /// <summary>Its standard deviation, as TensorFlow's tutorial has it.</summary>
    Std,

    /// <summary>Nothing: the step multiplies the raw gradient.</summary>
    None,
}
