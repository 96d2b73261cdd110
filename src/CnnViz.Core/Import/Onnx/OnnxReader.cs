using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using Google.Protobuf;

namespace CnnViz.Import.Onnx;

/// <summary>Reads ONNX files: operator set 7 to the newest, inference graphs of image networks.</summary>
internal static class OnnxReader
{
    /// <summary>Id of the error for a file that is not ONNX at all.</summary>
    public const string NotOnnx = "NotAnOnnxModel";

    private const int OldestOpset = 7;

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file, for messages and for the data beside it.</param>
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="ModelFormatException">The file is not ONNX, is damaged, has operators that are not known, or is not an
    /// image model.</exception>
    public static ModelSource Read(string path, byte[] content)
    {
        string file = Path.GetFileName(path);
        ModelProto model = Parse(file, content);
        int opset = (int)(model.OpsetImport.FirstOrDefault(set => IsStandard(set.Domain))?.Version ?? 1);
        if (opset < OldestOpset)
        {
            throw new ModelFormatException(
                "OpsetTooOld",
                $"'{file}' uses ONNX operator set {opset}; CnnViz reads {OldestOpset} and newer.",
                "Export it again, or convert it with the ONNX version converter.");
        }

        try
        {
            return Read(path, file, model, opset);
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            // A damaged file can fail anywhere, and what it fails with says nothing to its user.
            throw new ModelFormatException(
                "ModelDamaged",
                $"'{file}' is damaged: {exception.Message.Split('\n', 2)[0]}",
                "Download or export it again.",
                exception);
        }
    }

    /// <summary>Whether a domain is that of the operators that ONNX itself defines.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    private static ModelSource Read(string path, string file, ModelProto model, int opset)
    {
        var tensors = new OnnxTensors(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var names = new OnnxNames(
            numberedBlobs: model.ProducerName is "onnx-caffe2" or "caffe2", exact: model.ProducerName == OnnxMetadata.Producer);
        var builder = new OnnxGraphBuilder(file, model.Graph, opset, tensors, names);
        if (OnnxInput.Find(model.Graph, out string problem) is not { } input)
        {
            // Where the model decodes picture files itself, its operators say more than its input.
            builder.ThrowIfUnknown();
            throw OnnxInput.NotImages(file, problem);
        }

        Graph graph = builder.Build(input);
        return new ModelSource(
            graph,
            "ONNX",
            input.Channels,
            input.Height,
            input.Width,
            OnnxPreprocessing.Find(model, input),
            OnnxMetadata.ReadClassNames(model));
    }

    private static ModelProto Parse(string file, byte[] content)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(content);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelFormatException(
                NotOnnx,
                $"'{file}' is not an ONNX model, or is truncated: {exception.Message}",
                "Check the file, or download or export it again.",
                exception);
        }

        if (!model.HasIrVersion || model.Graph is null || model.Graph.Node.Count == 0)
        {
            throw new ModelFormatException(NotOnnx, $"'{file}' is not an ONNX model.", "Check the file.");
        }

        return model;
    }
}
