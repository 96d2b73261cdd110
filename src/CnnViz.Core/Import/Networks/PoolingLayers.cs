using CnnViz.Networks.Operators;

namespace CnnViz.Import.Networks;

/// <summary>The layers that pool.</summary>
internal static class PoolingLayers
{
    /// <summary>The largest value of each window.</summary>
    public static Value MaxPool2d(this NetworkBuilder net, string name, Value input, Window window, bool ceilMode = false) =>
        net.Add(name, "MaxPool", [input], attributes: [.. window.ToAttributes(), Ceil(ceilMode)]);

    /// <summary>The mean of each window. PyTorch counts the padding unless told not to, Keras does not.</summary>
    public static Value AvgPool2d(
        this NetworkBuilder net, string name, Value input, Window window, bool countPadding, bool ceilMode = false) => net.Add(
            name,
            "AveragePool",
            [input],
            attributes: [.. window.ToAttributes(), Ceil(ceilMode), ("count_include_pad", countPadding ? 1L : 0)]);

    /// <summary>The mean of each channel, N×C×1×1.</summary>
    public static Value GlobalAvgPool2d(this NetworkBuilder net, string name, Value input) =>
        net.Add(name, "GlobalAveragePool", [input]);

    /// <summary>The largest value of each channel, N×C×1×1.</summary>
    public static Value GlobalMaxPool2d(this NetworkBuilder net, string name, Value input) =>
        net.Add(name, "GlobalMaxPool", [input]);

    /// <summary>Means of windows of the size that gives the wanted height and width.</summary>
    public static Value AdaptiveAvgPool2d(this NetworkBuilder net, string name, Value input, long height, long width) =>
        (height, width) == (1, 1)
            ? net.GlobalAvgPool2d(name, input)
            : net.Add(
                name,
                AdaptiveAvgPool.DefinitionType,
                [input],
                make: _ => new AdaptiveAvgPool(new(height, width)),
                attributes: [(AdaptiveAvgPool.SizeAttribute, new[] { height, width })]);

    private static (string Name, object Value) Ceil(bool ceilMode) => ("ceil_mode", ceilMode ? 1L : 0);
}
