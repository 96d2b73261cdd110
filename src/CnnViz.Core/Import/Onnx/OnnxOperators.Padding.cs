using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

// Pad in its modes.
internal static partial class OnnxOperators
{
    private static Compose MakePad(OnnxNode node)
    {
        node.Operand(0);
        string mode = node.Text("mode", "constant");
        if (mode is not ("constant" or "reflect" or "edge" or "wrap"))
        {
            throw Unsupported("mode", mode);
        }

        double value = node.Number("value", 2, 0);
        Func<torch.Tensor[], long[]> pads = Required(node.Longs(node.HasAttribute("paddings") ? "paddings" : "pads", 1), "pads");
        Func<torch.Tensor[], long[]>? axes = node.Longs(null, 3);
        return new Compose(
            "Pad",
            inputs =>
            {
                (long Begin, long End)[] around = PadsByAxis((int)inputs[0].dim(), pads(inputs), axes?.Invoke(inputs));
                TensorSize.Check([.. inputs[0].shape.Zip(around, (size, pad) => size + pad.Begin + pad.End)]);
                return mode == "constant" ? PadWith(value, inputs[0], around) : PadFromInside(mode, inputs[0], around);
            },
            padding: PadBefore(node),
            kernels: (plan, inputs) =>
            {
                if (inputs is not [{ Map: not null } map] || (mode == "constant" && value != 0))
                {
                    return null;
                }

                using torch.Tensor blank = map.Blank();
                (long Begin, long End)[] around = PadsByAxis((int)blank.dim(), pads([blank]), axes?.Invoke([blank]));
                return PlaceKernels.Pick(plan, map, [.. around.Select((pad, axis) => PaddedPlaces(mode, blank.shape[axis], pad))]);
            });
    }

    // For each place of a padded dimension that of the input; −1 for zeros. Null where nothing is padded.
    private static int[]? PaddedPlaces(string mode, long length, (long Begin, long End) pad) => pad == default
        ? null
        : [.. Enumerable.Range(0, (int)Math.Max(0, TensorSize.Check(length + pad.Begin + pad.End)[0])).Select(i => i - pad.Begin).Select(place =>
            (int)(mode != "constant" ? Inside(mode, place, length) : place >= 0 && place < length ? place : -1))];

    // Rows and columns before an image, where the file states them.
    private static Extent PadBefore(OnnxNode node)
    {
        long[]? pads = node.Ints("pads") ?? node.Ints("paddings") ?? node.Constant(1)?.ToLongs();
        long[]? axes = node.Has(3) ? node.Constant(3)?.ToLongs() : [0, 1, 2, 3];
        if (pads is null || axes is null || pads.Length != 2 * axes.Length || !axes.All(axis => axis is >= -4 and < 4))
        {
            return default;
        }

        (long Begin, long End)[] around = PadsByAxis(4, pads, axes);
        return new Extent(around[2].Begin, around[3].Begin);
    }

    private static (long Begin, long End)[] PadsByAxis(int rank, long[] pads, long[]? axes)
    {
        long[] along = Normalize(axes ?? [.. Enumerable.Range(0, rank).Select(i => (long)i)], rank);
        var around = new (long Begin, long End)[rank];
        for (int i = 0; i < along.Length; i++)
        {
            around[along[i]] = (pads[i], pads[i + along.Length]);
        }

        return around;
    }

    private static torch.Tensor PadWith(double value, torch.Tensor input, (long Begin, long End)[] around) =>
        torch.nn.functional.pad(
            input,
            [.. around.AsEnumerable().Reverse().SelectMany(pad => new[] { pad.Begin, pad.End })], // torch has the last dimension first
            PaddingModes.Constant,
            value);

    // torch reflects and repeats along trailing dimensions only; picking positions does it along any.
    private static torch.Tensor PadFromInside(string mode, torch.Tensor input, (long Begin, long End)[] around)
    {
        torch.Tensor output = input;
        for (int axis = 0; axis < around.Length; axis++)
        {
            (long begin, long end) = around[axis];
            if (begin == 0 && end == 0)
            {
                continue;
            }

            long length = input.shape[axis];
            long[] positions = [.. Enumerable.Range(0, (int)(length + begin + end)).Select(i => Inside(mode, i - begin, length))];
            output = output.index_select(axis, torch.tensor(positions, device: input.device));
        }

        return output;
    }

    // The position inside 0…length−1 that a position outside repeats.
    private static long Inside(string mode, long position, long length)
    {
        if (mode == "edge" || length == 1)
        {
            return Math.Clamp(position, 0, length - 1);
        }

        long period = mode == "wrap" ? length : 2 * (length - 1);
        long within = (position % period + period) % period;
        return within < length ? within : period - within;
    }
}
