using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

/// <summary>Finds the preprocessing of an ONNX model from its metadata or, failing that, from where it comes from.</summary>
internal static class OnnxPreprocessing
{
    /// <summary>The preprocessing, with its source.</summary>
    public static Preprocessing Find(ModelProto model, OnnxInput input) =>
        OnnxMetadata.ReadPreprocessing(model) ?? OfType(input.Type) ?? UltralyticsMetadata.Read(model)?.Preprocessing
            ?? Guess(model, input) with { Source = PreprocessingSource.Guessed };

    // Bytes are the pixels of a picture as they stand in a file; with a sign, less 128.
    private static Preprocessing? OfType(DataType type) => type switch
    {
        DataType.Uint8 => Preprocessing.None with { Source = PreprocessingSource.Metadata },
        DataType.Int8 => new Preprocessing { Scale = 255, Mean = [128], Source = PreprocessingSource.Metadata },
        _ => null,
    };

    private static Preprocessing Guess(ModelProto model, OnnxInput input) => (model.ProducerName, input.Channels) switch
    {
        ("onnx-caffe2" or "caffe2" or "caffe", 3) => Preprocessing.Caffe,
        ("tf2onnx" or "keras2onnx", 3) => Preprocessing.Symmetric,
        ("CNTK", _) => Preprocessing.None,
        (_, 3) => Preprocessing.ImageNet,
        _ => Preprocessing.Unit,
    };
}
