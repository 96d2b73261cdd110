using CnnViz.Networks.Operators;

namespace CnnViz.Import.Networks;

/// <summary>What joins values, and what moves them about.</summary>
internal static class ShapeLayers
{
    public static Value Add(this NetworkBuilder net, string name, Value first, Value second) => net.Add(name, "Add", [first, second]);

    public static Value Mul(this NetworkBuilder net, string name, Value first, Value second) => net.Add(name, "Mul", [first, second]);

    /// <summary>Joins channels.</summary>
    public static Value Concat(this NetworkBuilder net, string name, params Value[] values) => net.Add(
        name, "Concat", [.. values], values.Aggregate((long?)0, (sum, value) => sum + value.Channels), attributes: [("axis", 1L)]);

    /// <summary>N×C×H×W to N×(C·H·W); the number of units is known where H·W, the positions, is.</summary>
    public static Value Flatten(this NetworkBuilder net, string name, Value input, long? positions = null) =>
        net.Add(name, "Flatten", [input], attributes: [("axis", 1L)]) with { Channels = input.Channels * positions };

    /// <summary>Another order of the dimensions, the batch among them.</summary>
    public static Value Permute(this NetworkBuilder net, string name, Value input, params long[] order) =>
        net.Add(name, "Transpose", [input], attributes: [("perm", order)]) with { Channels = null };

    /// <summary>Another shape, the batch included: 0 keeps a size, −1 is what is left.</summary>
    public static Value Reshape(this NetworkBuilder net, string name, Value input, params long[] shape) =>
        net.Add(name, "Reshape", [input, shape]) with { Channels = null };

    /// <summary>Shuffles channels, so that each group gets some of all: group g's channel i becomes channel i · groups + g.</summary>
    public static Value ShuffleChannels(this NetworkBuilder net, string name, Value input, long groups)
    {
        long size = input.Channels!.Value / groups;
        long[] order = [.. Enumerable.Range(0, (int)(size * groups)).Select(channel => channel % groups * size + channel / groups)];
        return net.Add(name, "Gather", [input, order], attributes: [("axis", 1L)]);
    }

    /// <summary>The channels from one to before another.</summary>
    public static Value SliceChannels(this NetworkBuilder net, string name, Value input, long start, long end) =>
        net.Add(name, "Slice", [input, new[] { start }, new[] { end }, new[] { 1L }], end - start);

    /// <summary>Rows and columns around the image: of one value, or as ONNX's mode says (<c>reflect</c>, <c>edge</c>, <c>wrap</c>).</summary>
    public static Value Pad(
        this NetworkBuilder net, string name, Value input, Padding padding, string mode = "constant", float value = 0) => net.Add(
            name,
            "Pad",
            [input, new[] { 0, 0, padding.Top, padding.Left, 0, 0, padding.Bottom, padding.Right }, value],
            attributes: [("mode", mode)]);

    /// <summary>Channels to pixels, in PyTorch's order: N×(C·s·s)×H×W to N×C×(H·s)×(W·s).</summary>
    public static Value PixelShuffle(this NetworkBuilder net, string name, Value input, long scale) => net.Add(
        name, "DepthToSpace", [input], input.Channels / (scale * scale), attributes: [("blocksize", scale), ("mode", "CRD")]);

    /// <summary>Pixels to channels, in PyTorch's order: N×C×(H·s)×(W·s) to N×(C·s·s)×H×W.</summary>
    public static Value PixelUnshuffle(this NetworkBuilder net, string name, Value input, long scale)
    {
        (long channels, long places) = (input.Channels!.Value, scale * scale);
        Value x = net.Add($"{name}.blocks", "SpaceToDepth", [input], channels * places, attributes: [("blocksize", scale)]);
        long[] order = [.. Enumerable.Range(0, (int)(channels * places)).Select(i => i % places * channels + i / places)];
        return net.Add(name, "Gather", [x, order], channels * places, attributes: [("axis", 1L)]);
    }

    /// <summary>The same number times every value.</summary>
    public static Value Times(this NetworkBuilder net, string name, Value input, float factor) => net.Add(name, "Mul", [input, factor]);

    /// <summary>Takes rows and columns away from the sides.</summary>
    public static Value Crop(this NetworkBuilder net, string name, Value input, Padding cut) => net.Add(
        name,
        "Slice",
        [input, new[] { cut.Top, cut.Left }, new[] { End(cut.Bottom), End(cut.Right) }, new[] { 2L, 3L }]);

    /// <summary>Every so many rows and columns, from the first on.</summary>
    public static Value TakeEvery(this NetworkBuilder net, string name, Value input, long rows, long columns) => net.Add(
        name,
        "Slice",
        [input, new[] { 0L, 0 }, new[] { long.MaxValue, long.MaxValue }, new[] { 2L, 3 }, new[] { rows, columns }]);

    /// <summary>Channels of zeros before and after.</summary>
    public static Value PadChannels(this NetworkBuilder net, string name, Value input, long before, long after) =>
        net.Add(name, "Pad", [input, new[] { 0, before, 0, 0, 0, after, 0, 0 }], input.Channels + before + after);

    /// <summary>Repeats pixels.</summary>
    public static Value UpsampleNearest(this NetworkBuilder net, string name, Value input, float rows, float columns) =>
        net.Upsample(
            name, input, rows, columns, ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));

    /// <summary>Bilinear, with pixels as areas; or, where corners are aligned, as points.</summary>
    public static Value UpsampleBilinear(
        this NetworkBuilder net, string name, Value input, float rows, float columns, bool alignCorners = false) => net.Upsample(
            name,
            input,
            rows,
            columns,
            ("mode", "linear"),
            ("coordinate_transformation_mode", alignCorners ? "align_corners" : "half_pixel"));

    /// <summary>Bilinear to a size, with pixels as areas and no smoothing.</summary>
    public static Value ResizeBilinear(this NetworkBuilder net, string name, Value input, long height, long width) => net.ResizeTo(
        name, input, height, width, ("mode", "linear"), ("coordinate_transformation_mode", "half_pixel"));

    /// <summary>Repeats N×C×1×1 over the height and width of another map.</summary>
    public static Value ExpandLike(this NetworkBuilder net, string name, Value input, Value other)
    {
        Value size = net.Add($"{name}.size", "Shape", [other], attributes: [("start", 2L), ("end", 4L)]);
        return net.Add(name, "Resize", [input, default, default, size], input.Channels, attributes: [("axes", new[] { 2L, 3L }), ("mode", "nearest")]);
    }

    /// <summary>Bilinear, with pixels as areas, to the height and width of another map.</summary>
    public static Value ResizeBilinearLike(this NetworkBuilder net, string name, Value input, Value other)
    {
        Value size = net.Add($"{name}.size", "Shape", [other], attributes: [("start", 2L), ("end", 4L)]);
        return net.Add(name, "Resize", [input, default, default, size], input.Channels, attributes: [("axes", new[] { 2L, 3L }), ("mode", "linear")]);
    }

    /// <summary>The nearest pixel, with pixels as areas, to a size.</summary>
    public static Value ResizeNearest(this NetworkBuilder net, string name, Value input, long height, long width) => net.ResizeTo(
        name,
        input,
        height,
        width,
        ("mode", "nearest"),
        ("coordinate_transformation_mode", "half_pixel"),
        ("nearest_mode", "round_prefer_ceil"));

    /// <summary>The last channel first.</summary>
    public static Value ReverseChannels(this NetworkBuilder net, string name, Value input, long channels)
    {
        long[] order = [.. Enumerable.Range(0, (int)channels).Select(channel => channels - 1 - channel)];
        return net.Add(name, "Gather", [input, order], channels, attributes: [("axis", 1L)]);
    }

    private static Value ResizeTo(
        this NetworkBuilder net, string name, Value input, long height, long width, params (string Name, object Value)[] attributes) =>
        net.Add(name, "Resize", [input, default, default, new[] { height, width }], attributes: [("axes", new[] { 2L, 3L }), .. attributes]);

    private static Value Upsample(
        this NetworkBuilder net, string name, Value input, float rows, float columns, params (string Name, object Value)[] attributes) =>
        net.Add(name, "Resize", [input, default, new float[] { 1, 1, rows, columns }], attributes: attributes);

    private static long End(long cut) => cut == 0 ? long.MaxValue : -cut;
}
