using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Networks;

/// <summary>Sliding windows, and how ONNX says them.</summary>
internal static class Windows
{
    /// <summary>A square window with the same padding on all sides.</summary>
    public static Window Square(long kernel, long stride = 1, long padding = 0, long dilation = 1) =>
        Of(new(kernel, kernel), new(stride, stride), new(padding, padding), new(dilation, dilation));

    /// <summary>A window with the same padding on opposite sides.</summary>
    public static Window Of(Extent kernel, Extent stride, Extent padding, Extent? dilation = null) => new(
        kernel, stride, dilation ?? Extent.One, new(padding.Height, padding.Width, padding.Height, padding.Width));

    /// <summary>The attributes of a convolution or pooling.</summary>
    public static IEnumerable<(string Name, object Value)> ToAttributes(this Window window)
    {
        yield return ("kernel_shape", window.Kernel.ToArray());
        yield return ("strides", window.Stride.ToArray());
        if (window.Dilation != Extent.One)
        {
            yield return ("dilations", window.Dilation.ToArray());
        }

        yield return window.Rule switch
        {
            PaddingRule.SameUpper => ("auto_pad", "SAME_UPPER"),
            PaddingRule.SameLower => ("auto_pad", "SAME_LOWER"),
            _ => ("pads", new[] { window.Padding.Top, window.Padding.Left, window.Padding.Bottom, window.Padding.Right }),
        };
    }
}
