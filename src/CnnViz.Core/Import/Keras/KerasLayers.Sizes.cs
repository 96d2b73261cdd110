using CnnViz.Import.Networks;
using CnnViz.Import.Onnx;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Keras;

// What brings images to a size that is said.
internal static partial class KerasLayers
{
    private static Dictionary<string, Func<KerasLayerCall, KerasValue>> Sizes() => new()
    {
        ["Resizing"] = Resize,
        ["CenterCrop"] = CropCenter,
    };

    private static KerasValue Resize(KerasLayerCall call)
    {
        (long height, long width) = SizeOf(call);
        foreach (string option in new[] { "crop_to_aspect_ratio", "pad_to_aspect_ratio" })
        {
            // At the shape's own ratio of sides there is nothing to cut or fill.
            bool isSameRatio = InputSize(call) is var (rows, columns) && rows * width == columns * height;
            if (call.Settings.Flag(option, false) && !isSameRatio)
            {
                throw Unsupported(option, true);
            }
        }

        return KerasValue.Map((call.Settings.Text("interpolation") ?? "bilinear") switch
        {
            "bilinear" => call.Net.ResizeBilinear(call.Name, call.Map, height, width),
            "nearest" => call.Net.ResizeNearest(call.Name, call.Map, height, width),
            string other => throw Unsupported("interpolation", other),
        });
    }

    // What an image is larger than wanted is cut off, less of it before than after; smaller ones Keras enlarges.
    private static KerasValue CropCenter(KerasLayerCall call)
    {
        (long height, long width) = SizeOf(call);
        (long rows, long columns) = InputSize(call) ?? throw new UnsupportedUseException("on images of no certain size");
        (long top, long left) = ((rows - height) / 2, (columns - width) / 2);
        return rows < height || columns < width
            ? throw new UnsupportedUseException($"of {height}×{width} on images of {rows}×{columns}")
            : KerasValue.Map(call.Net.Crop(call.Name, call.Map, new Padding(top, left, rows - height - top, columns - width - left)));
    }

    private static (long Height, long Width) SizeOf(KerasLayerCall call) =>
        (call.Settings.Wholes("height"), call.Settings.Wholes("width")) is ([var height and > 0 and < 1 << 16], [var width and > 0 and < 1 << 16])
            ? (height, width)
            : throw new FormatException("it has no size");

    private static (long Rows, long Columns)? InputSize(KerasLayerCall call) => call.InputShape switch
    {
        [_, { } rows, { } columns] when call.Dialect.ChannelsFirst => (rows, columns),
        [{ } rows, { } columns, _] when !call.Dialect.ChannelsFirst => (rows, columns),
        _ => null,
    };
}
