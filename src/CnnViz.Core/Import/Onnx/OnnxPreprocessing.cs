using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks;

namespace CnnViz.Import.Onnx;

/// <summary>Finds the preprocessing of an ONNX model from its metadata or, failing that, from where it comes from.</summary>
internal static class OnnxPreprocessing
{
    /// <summary>The preprocessing, with its source.</summary>
    public static Preprocessing Find(ModelProto model, OnnxInput input) =>
        OnnxMetadata.ReadPreprocessing(model) ?? Guess(model, input) with { Source = PreprocessingSource.Guessed };

    private static Preprocessing Guess(ModelProto model, OnnxInput input) => (model.ProducerName, input.Channels) switch
    {
        ("onnx-caffe2" or "caffe2" or "caffe", 3) => Preprocessing.Caffe,
        ("tf2onnx" or "keras2onnx", 3) => Preprocessing.Symmetric,
        ("CNTK", _) => Preprocessing.None,
        (_, 3) => Preprocessing.ImageNet,
        _ => Preprocessing.Unit,
    };
}
