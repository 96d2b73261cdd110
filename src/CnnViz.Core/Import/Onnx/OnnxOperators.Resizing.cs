using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// Resize and its forerunner Upsample.
internal static partial class OnnxOperators
{
    private static Dictionary<string, Func<OnnxNode, Operator>> Resizing() => new()
    {
        ["Resize"] = MakeResize,
        ["Upsample"] = node =>
        {
            node.Operand(0);
            Func<torch.Tensor[], float[]> scales = Scales(node, 1) ?? throw new UnsupportedUseException("without scales");
            return new Resize(new ResizeMode(InterpolationOf(node), "asymmetric", "floor"), inputs => ByScale(inputs[0], scales(inputs)));
        },
    };

    private static Resize MakeResize(OnnxNode node)
    {
        node.Operand(0);
        if (node.Opset < 11)
        {
            Func<torch.Tensor[], float[]> simple = Scales(node, 1) ?? throw new UnsupportedUseException("without scales");
            return new Resize(new ResizeMode(InterpolationOf(node), "asymmetric", "floor"), inputs => ByScale(inputs[0], simple(inputs)));
        }

        string coordinates = node.Text("coordinate_transformation_mode", "half_pixel");
        if (coordinates is not ("half_pixel" or "half_pixel_symmetric" or "pytorch_half_pixel" or "align_corners" or "asymmetric"))
        {
            throw Unsupported("coordinate_transformation_mode", coordinates);
        }

        var mode = new ResizeMode(
            InterpolationOf(node),
            coordinates,
            node.Text("nearest_mode", "round_prefer_floor"),
            node.Float("cubic_coeff_a", -0.75),
            node.Int("exclude_outside", 0) != 0,
            node.Int("antialias", 0) != 0);
        string policy = node.Text("keep_aspect_ratio_policy", "stretch");
        if (policy != "stretch")
        {
            throw Unsupported("keep_aspect_ratio_policy", policy);
        }

        long[]? axes = node.Ints("axes");
        bool hasScales = node.Has(2) && node.Constant(2)?.numel() != 0;
        if (hasScales && Scales(node, 2) is { } scales)
        {
            return new Resize(mode, inputs => ByScale(inputs[0], Spread(scales(inputs), axes, (int)inputs[0].dim())));
        }

        Func<torch.Tensor[], long[]> sizes = Required(node.Longs(null, 3), "scales and sizes");
        return new Resize(mode, inputs => BySize(inputs[0], sizes(inputs), axes));
    }

    private static Interpolation InterpolationOf(OnnxNode node) => node.Text("mode", "nearest") switch
    {
        "nearest" => Interpolation.Nearest,
        "linear" or "bilinear" => Interpolation.Linear,
        "cubic" => Interpolation.Cubic,
        string other => throw Unsupported("mode", other),
    };

    private static Func<torch.Tensor[], float[]>? Scales(OnnxNode node, int input)
    {
        if (node.Floats("scales") is { } attribute)
        {
            return _ => attribute;
        }

        if (node.Constant(input) is { } constant)
        {
            float[] values = constant.ToFloats();
            return _ => values;
        }

        if (!node.Has(input))
        {
            return null;
        }

        int place = node.Operand(input);
        return inputs => inputs[place].ToFloats();
    }

    private static float[] Spread(float[] scales, long[]? axes, int rank)
    {
        if (axes is null)
        {
            return scales;
        }

        float[] all = [.. Enumerable.Repeat(1f, rank)];
        foreach ((long axis, float scale) in Normalize(axes, rank).Zip(scales))
        {
            all[axis] = scale;
        }

        return all;
    }

    private static (long Size, double Scale)[] ByScale(torch.Tensor input, float[] scales) =>
        [.. scales.Select((scale, axis) => ((long)Math.Floor(input.shape[axis] * (double)scale), (double)scale))];

    private static (long Size, double Scale)[] BySize(torch.Tensor input, long[] sizes, long[]? axes)
    {
        (long Size, double Scale)[] all = [.. input.shape.Select(size => (size, 1.0))];
        long[] along = Normalize(axes ?? [.. Enumerable.Range(0, sizes.Length).Select(i => (long)i)], all.Length);
        for (int i = 0; i < along.Length; i++)
        {
            all[along[i]] = (sizes[i], (double)sizes[i] / input.shape[along[i]]);
        }

        return all;
    }
}
