using System.Buffers.Binary;
using CnnViz.Import.Onnx.Protocol;
using CnnViz.Networks.Graphs;
using CnnViz.Runtimes;
using Google.Protobuf;

namespace CnnViz.Import.Onnx;

/// <summary>Reads ONNX files: operator set 1 to the newest, inference graphs of image networks.</summary>
internal static class OnnxReader
{
    /// <summary>Id of the error for a file that is not ONNX at all.</summary>
    public const string NotOnnx = "NotAnOnnxModel";

    // The first field of the first message.
    private const byte IrVersionTag = 8;

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file, for messages and for the data beside it.</param>
    /// <param name="content">The file's bytes.</param>
    /// <param name="inputs">Values of inputs beside the image, by their names.</param>
    /// <exception cref="ModelFormatException">The file is not ONNX, is damaged, has operators that are not known, or is not an
    /// image model.</exception>
    public static ModelSource Read(string path, byte[] content, IReadOnlyDictionary<string, float[]>? inputs = null)
    {
        string file = Path.GetFileName(path);
        ModelProto model = Parse(file, content);
        int opset = (int)(model.OpsetImport.FirstOrDefault(set => IsStandard(set.Domain))?.Version ?? 1);
        try
        {
            return Read(path, file, model, opset, inputs ?? new Dictionary<string, float[]>());
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

    /// <summary>Whether a file begins as ONNX does, and cannot be safetensors, which may begin with any byte but not with such a number.</summary>
    /// <exception cref="ModelFormatException">It cannot be read.</exception>
    public static bool LooksLike(ModelFile file) =>
        file.Begin(sizeof(ulong)) is { Length: sizeof(ulong) } bytes
        && bytes[0] == IrVersionTag && BinaryPrimitives.ReadUInt64LittleEndian(bytes) > (ulong)file.Length;

    /// <summary>Whether a domain is that of the operators that ONNX itself defines.</summary>
    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    private static ModelSource Read(
        string path, string file, ModelProto model, int opset, IReadOnlyDictionary<string, float[]> inputs)
    {
        var tensors = new OnnxTensors(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var names = new OnnxNames(
            numberedBlobs: model.ProducerName is "onnx-caffe2" or "caffe2", exact: model.ProducerName == OnnxMetadata.Producer);
        OnnxFunctions.Inline(file, model, opset);
        OnnxOrder.Sort(file, model.Graph);
        if (OnnxInput.WhyNot(model.Graph) is { } why)
        {
            throw OnnxInput.NotImages(file, why);
        }

        OnnxInput? input = OnnxInput.Find(model.Graph, [.. inputs.Keys], out string problem);
        if (input is { IsSingle: true } && OnnxSingleImage.Widen(model.Graph, input.Name) is { } obstacle)
        {
            throw OnnxInput.NotImages(file, obstacle);
        }

        // From here on there are tensors.
        NativeLibraries.EnsureLoaded();
        string? others = input is null ? null : OnnxFixedInputs.Add(file, model.Graph, input, inputs);
        var builder = new OnnxGraphBuilder(file, model.Graph, opset, tensors, names);
        if (input is null)
        {
            // Where the model decodes picture files itself, its operators say more than its input.
            builder.ThrowIfUnknown();
            throw OnnxInput.NotImages(file, problem);
        }

        Graph graph = builder.Build(input);
        string? part = builder.LeftOut.Count == 0 ? null
            : $"'{file}' is seen in part: what depends on {string.Join(", ", builder.LeftOut)} is left out, as CnnViz does not know it.";
        UltralyticsMetadata? yolo = UltralyticsMetadata.Read(model);
        return new ModelSource(
            graph,
            "ONNX",
            input.Channels,
            input.Height,
            input.Width,
            OnnxPreprocessing.Find(model, input),
            yolo is null ? OnnxMetadata.ReadClassNames(model) : yolo.NamesByLayer(graph))
        {
            OutputClasses = yolo?.OutputClasses,
            UsualSize = yolo?.Height ?? 224,
            UsualWidth = yolo?.Width,
            Remark = part is null ? others : others is null ? part : $"{part} {others}",
        };
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
