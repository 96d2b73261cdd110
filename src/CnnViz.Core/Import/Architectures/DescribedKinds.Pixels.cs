using CnnViz.Import.Networks;
using CnnViz.Networks;

namespace CnnViz.Import.Architectures;

// The kinds that move pixels about.
internal static partial class DescribedKinds
{
    private static Value Pad(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        Extent padding = layer.Size("padding", null);
        return net.Pad(
            layer.Name,
            inputs[0],
            new(padding.Height, padding.Width, padding.Height, padding.Width),
            PadMode(layer, "mode"),
            (float)layer.Number("value", 0));
    }

    // As ONNX calls it.
    private static string PadMode(DescribedLayer layer, string option) => layer.Text(option) switch
    {
        null or "zeros" => "constant",
        "reflect" => "reflect",
        "replicate" => "edge",
        "circular" => "wrap",
        string mode => throw layer.Invalid($"has {option}={mode}; there are zeros, reflect, replicate and circular"),
    };

    private static Value Upsample(TorchNetwork net, DescribedLayer layer, Value[] inputs)
    {
        Extent scale = layer.Size("scale", null);
        return layer.Text("mode") switch
        {
            null or "nearest" => net.UpsampleNearest(layer.Name, inputs[0], scale.Height, scale.Width),
            "bilinear" => net.UpsampleBilinear(layer.Name, inputs[0], scale.Height, scale.Width),
            string mode => throw layer.Invalid($"has mode={mode}; there are nearest and bilinear"),
        };
    }

    private static Value PixelShuffle(TorchNetwork net, DescribedLayer layer, Value[] inputs) =>
        layer.Whole("scale", 0) is > 0 and var scale
            ? net.PixelShuffle(layer.Name, inputs[0], scale)
            : throw layer.Invalid("needs scale=");

    // PyTorch's defaults.
    private static Value LocalResponseNorm(TorchNetwork net, DescribedLayer layer, Value[] inputs) => net.Add(
        layer.Name,
        "LRN",
        [inputs[0]],
        attributes:
        [
            ("size", Math.Max(1, layer.Whole("size", 5))),
            ("alpha", (float)layer.Number("alpha", 1e-4)),
            ("beta", (float)layer.Number("beta", 0.75)),
            ("bias", (float)layer.Number("k", 1)),
        ]);
}
