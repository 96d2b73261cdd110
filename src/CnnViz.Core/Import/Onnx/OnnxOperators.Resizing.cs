using CnnViz.Networks.Operators;
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
            return new Resize(OldMode(node), inputs => ByScale(inputs[0], scales(inputs)));
        },
    };

    private static Resize MakeResize(OnnxNode node)
    {
        node.Operand(0);
        if (node.Opset < 11)
        {
            Func<torch.Tensor[], float[]> simple = Scales(node, 1) ?? throw new UnsupportedUseException("without scales");
            return new Resize(OldMode(node), inputs => ByScale(inputs[0], simple(inputs)));
        }

        string coordinates = node.Text("coordinate_transformation_mode", "half_pixel");
        if (coordinates is not ("half_pixel" or "half_pixel_symmetric" or "pytorch_half_pixel" or "tf_half_pixel_for_nn" or "align_corners"
            or "asymmetric"))
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
        if (policy is not ("stretch" or "not_larger" or "not_smaller"))
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
        return new Resize(mode, inputs => BySize(inputs[0], sizes(inputs), axes, policy));
    }

    private static ResizeMode OldMode(OnnxNode node) => new(InterpolationOf(node), "asymmetric", ResizeMode.Opset10Rounding);

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

        // The first Upsample.
        if (node.HasAttribute("height_scale"))
        {
            float[] image = [1, 1, (float)node.Float("height_scale", 1), (float)node.Float("width_scale", 1)];
            return _ => image;
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

    private static (long Size, float Scale)[] ByScale(torch.Tensor input, float[] scales) =>
        [.. scales.Select((scale, axis) => ((long)MathF.Floor(input.shape[axis] * scale), scale))];

    private static (long Size, float Scale)[] BySize(torch.Tensor input, long[] sizes, long[]? axes, string policy)
    {
        (long Size, float Scale)[] all = [.. input.shape.Select(size => (size, 1f))];
        long[] along = Normalize(axes ?? [.. Enumerable.Range(0, sizes.Length).Select(i => (long)i)], all.Length);
        float[] scales = [.. along.Select((axis, i) => (float)sizes[i] / input.shape[axis])];
        for (int i = 0; i < along.Length; i++)
        {
            // Images are never blended; a graph that was exported for one states 1 here.
            if (along[i] == 0)
            {
                continue;
            }

            float scale = policy switch { "not_larger" => scales.Min(), "not_smaller" => scales.Max(), _ => scales[i] };
            long size = policy == "stretch" ? sizes[i] : (long)MathF.Round(scale * input.shape[along[i]]);
            all[along[i]] = (size, scale);
        }

        return all;
    }
}
