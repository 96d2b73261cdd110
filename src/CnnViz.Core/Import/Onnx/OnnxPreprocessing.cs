using CnnViz.Import.Onnx.Protocol;
using CnnViz.Models;

namespace CnnViz.Import.Onnx;

/// <summary>Finds the preprocessing of an ONNX model from its metadata or, failing that, from where it comes from.</summary>
internal static class OnnxPreprocessing
{
    /// <summary>The preprocessing, with its source.</summary>
    public static Preprocessing Find(ModelProto model, OnnxInput input) =>
        FromMetadata(model.MetadataProps) ?? Guess(model, input) with { Source = PreprocessingSource.Guessed };

    // The image metadata that ONNX defines: colour format and nominal range of the pixels.
    private static Preprocessing? FromMetadata(IEnumerable<StringStringEntryProto> entries)
    {
        Dictionary<string, string> metadata = entries.GroupBy(entry => entry.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        Preprocessing? range = metadata.GetValueOrDefault("Image.NominalPixelRange") switch
        {
            "NominalRange_0_255" => Preprocessing.None,
            "Normalized_0_1" => Preprocessing.Unit,
            "Normalized_1_1" => Preprocessing.Symmetric,
            _ => null,
        };
        bool blueFirst = metadata.GetValueOrDefault("Image.BitmapPixelFormat")?.StartsWith("Bgr", StringComparison.OrdinalIgnoreCase) == true;
        return range is null ? null : range with
        {
            Name = blueFirst ? "Custom" : range.Name,
            ChannelOrder = blueFirst ? ChannelOrder.Bgr : ChannelOrder.Rgb,
            Source = PreprocessingSource.Metadata,
        };
    }

    private static Preprocessing Guess(ModelProto model, OnnxInput input) => (model.ProducerName, input.Channels) switch
    {
        ("onnx-caffe2" or "caffe2" or "caffe", 3) => Preprocessing.Caffe,
        ("tf2onnx" or "keras2onnx", 3) => Preprocessing.Symmetric,
        ("CNTK", _) => Preprocessing.None,
        (_, 3) => Preprocessing.ImageNet,
        _ => Preprocessing.Unit,
    };
}
