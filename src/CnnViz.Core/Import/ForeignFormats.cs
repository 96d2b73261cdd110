namespace CnnViz.Import;

/// <summary>Files that people have and that no reader knows: what each is, and the shortest way to one that is read.</summary>
internal static class ForeignFormats
{
    private const string OtherFormat = "FormatNotRead";
    private const string NoModel = "NotAModel";

    private const string Origin = "Give the model that it was converted from, or export the network as ONNX where it was trained.";
    private const string GiveNetwork = "Give the file of the network.";
    private const string Unpack = "Unpack it, and give the file inside it.";
    private const string TensorFlow = "Convert it to ONNX: python -m tf2onnx.convert";
    private const string SavedModel = $"{TensorFlow} --saved-model FOLDER --output model.onnx";
    private const string TensorFlowJs = $"{TensorFlow} --tfjs model.json --output model.onnx";
    private const string Caffe = "Convert .caffemodel and .prototxt to ONNX, with caffe2onnx or MMdnn.";
    private const string CoreML = "Export the network as ONNX where it was trained, or convert it with onnxmltools (convert_coreml).";
    private const string Darknet = "Convert .cfg and .weights to ONNX, with darknet2onnx.";
    private const string Arrays = "Save them as safetensors under PyTorch's names, and give -Architecture.";

    // Half precision, 8 bits, and single precision.
    private static readonly byte[][] s_ncnnWeights = [[0x47, 0x6b, 0x30, 1], [0x38, 0x4b, 0x0d, 0], [0x56, 0xc0, 2, 0]];

    private static readonly string[] s_tensorFlowJs = ["graph-model", "\"modelTopology\"", "\"weightsManifest\""];

    // The first that fits counts: what comes later is less sure of itself.
    private static readonly Kind[] s_kinds =
    [
        new("ModelIsPointer", "a Git LFS pointer, not the model", "Fetch the file itself with 'git lfs pull'.", IsPointer),

        // Networks, by their bytes.
        new(
            OtherFormat,
            "a TensorFlow Lite model",
            $"{TensorFlow} --tflite model.tflite --output model.onnx",
            file => file.Has("TFL3"u8, 4)),
        new(OtherFormat, "an ONNX Runtime model (.ort)", "Give the .onnx file that it was made from.", file => file.Has("ORTM"u8, 4)),
        new(OtherFormat, "an ExecuTorch program", "Export the network with torch.onnx.export.", file => file.Has("ET12"u8, 4)),
        new(
            OtherFormat,
            "a GGUF file, which holds language models",
            "CnnViz looks into convolutional networks of images.",
            file => file.Has("GGUF"u8)),
        new(OtherFormat, "a TensorRT engine", Origin, file => file.Has("ftrt"u8) || file.IsNamed(".engine", ".trt")),
        new(OtherFormat, "an RKNN model", Origin, file => file.Has("RKNN"u8)),
        new(OtherFormat, "a MATLAB file", "Export the network in MATLAB with exportONNXNetwork.", file => file.Has("MATLAB "u8)),
        new(OtherFormat, "an array of NumPy", Arrays, file => file.Has([0x93, .. "NUMPY"u8])),
        new(OtherFormat, "an archive of NumPy arrays (.npz)", Arrays, file => file.HasMember(".npy")),
        new(OtherFormat, "a Core ML model in an archive", CoreML, file => file.HasMember(".mlmodel")),
        new(OtherFormat, "the network of an ncnn model (.param)", Origin, file => file.Says("7767517") || file.Has([0xdd, 0x85, 0x76, 0])),
        new(OtherFormat, "a Core ML model", CoreML, IsCoreML),
        new(OtherFormat, "a TensorFlow SavedModel", SavedModel, IsSavedModel),
        new(
            OtherFormat,
            "a PaddlePaddle model",
            "Convert it to ONNX with paddle2onnx.",
            file => file.Field(1) is [8, 0, 16, ..] || file.IsNamed(".pdmodel", ".pdiparams")),
        new(
            OtherFormat,
            "a frozen TensorFlow graph",
            $"{TensorFlow} --graphdef model.pb --inputs NAME:0 --outputs NAME:0 --output model.onnx",
            IsFrozenGraph),
        new(OtherFormat, "a Caffe model", Caffe, IsCaffeModel),
        new(OtherFormat, "the network of a Caffe model (.prototxt)", Caffe, IsPrototxt),
        new(
            OtherFormat,
            "the network of a Darknet model (.cfg)",
            Darknet,
            file => file.Says("[net]", "[network]") || file.Mentions("[net]", "[convolutional]")),
        new(
            OtherFormat,
            "a TensorFlow.js layers model",
            "Convert it: tensorflowjs_converter --input_format tfjs_layers_model --output_format keras model.json model.h5",
            file => file.Says("{") && file.Mentions("layers-model")),
        new(
            OtherFormat,
            "a TensorFlow.js model",
            TensorFlowJs,
            file => file.Says("{") && s_tensorFlowJs.Any(word => file.Mentions(word))),
        new(
            OtherFormat,
            "the network of a Keras model without its weights",
            "Save the whole model (model.save).",
            file => file.Says("{") && file.Mentions("\"class_name\"", "\"config\"")),
        new(
            OtherFormat,
            "the network of an OpenVINO model (.xml)",
            Origin,
            file => file.Says("<?xml", "<net") && file.Mentions("<net ", "<layer")),

        // Files that are no networks, by their bytes.
        new(
            NoModel,
            "a web page, perhaps in place of a download",
            "Download the file itself (on GitHub: the raw file).",
            file => file.Says("<!doctype html", "<html") || file.Mentions("<html")),
        new(NoModel, "a picture", "Give the file of the network.", IsPicture),
        new(NoModel, "a PDF document", GiveNetwork, file => file.Has("%PDF"u8)),
        new(NoModel, "a program or library of machine code", GiveNetwork, file => file.Has("MZ"u8) || file.Has([0x7f, .. "ELF"u8])),
        new(NoModel, "a zip archive", Unpack, file => file.Has("PK\u0003\u0004"u8) || file.Has("PK\u0005\u0006"u8)),
        new(NoModel, "a gzip archive", Unpack, file => file.Has([0x1f, 0x8b])),
        new(NoModel, "a bzip2 archive", Unpack, file => file.Has("BZh"u8)),
        new(NoModel, "an xz archive", Unpack, file => file.Has([0xfd, .. "7zXZ"u8])),
        new(NoModel, "a Zstandard archive", Unpack, file => file.Has([0x28, 0xb5, 0x2f, 0xfd])),
        new(NoModel, "a 7-Zip archive", Unpack, file => file.Has([.. "7z"u8, 0xbc, 0xaf])),
        new(NoModel, "a RAR archive", Unpack, file => file.Has("Rar!"u8)),
        new(NoModel, "a tar archive", Unpack, file => file.Has("ustar"u8, 257)),

        // Networks whose bytes say nothing, by name.
        new(OtherFormat, "an MNN model", Origin, file => file.IsNamed(".mnn")),
        new(OtherFormat, "a file with the weights of a Darknet model", Darknet, file => file.IsNamed(".weights")),
        new(
            OtherFormat,
            "a part of a TensorFlow.js model",
            TensorFlowJs,
            file => file.IsNamed(".bin") && file.Name.Contains("-shard", StringComparison.Ordinal)),
        new(
            OtherFormat,
            "a file with the weights of an ncnn model",
            Origin,
            file => file.IsNamed(".bin") && s_ncnnWeights.Any(tag => file.Has(tag))),
        new(
            OtherFormat,
            "a part of a TensorFlow checkpoint",
            $"{TensorFlow} --checkpoint model.ckpt.meta --inputs NAME:0 --outputs NAME:0 --output model.onnx",
            IsTensorFlowCheckpoint),
        new(OtherFormat, "a file of TensorFlow", SavedModel, file => file.IsNamed(".pb", ".pbtxt")),
        new(OtherFormat, "a file with the weights of a network that is in another file", Origin, file => file.IsNamed(".bin", ".dat", ".raw")),

        // Anything else that can be read by people.
        new(NoModel, "a file of text", GiveNetwork, file => file.Text.Length > 0),
    ];

    /// <summary>What is wrong with a file that no reader knows.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its bytes.</param>
    /// <returns>The error; null where this is not known either.</returns>
    public static ModelFormatException? Find(string path, byte[] content)
    {
        var start = new FileStart(path, content);
        return Array.Find(s_kinds, kind => kind.Is(start))?.ToError(Path.GetFileName(path));
    }

    /// <summary>What is wrong with a folder.</summary>
    /// <param name="path">Its path.</param>
    public static ModelFormatException OfFolder(string path)
    {
        string extension = Path.GetExtension(Path.TrimEndingDirectorySeparator(path));
        Kind kind = File.Exists(Path.Combine(path, "saved_model.pb")) ? new(OtherFormat, "a TensorFlow SavedModel", SavedModel, _ => true)
            : extension == ".mlpackage" ? new(OtherFormat, "a Core ML model", CoreML, _ => true)
            : new("ModelIsFolder", "a folder, not a model file", "Give the file inside it.", _ => true);
        return kind.ToError(path);
    }

    private static bool IsPointer(FileStart file) => file.Has("version https://git-lfs"u8);

    // A description, which begins with an input, which begins with its name. There an ONNX file has its producer, which is text.
    private static bool IsCoreML(FileStart file) =>
        file.Has([0x08]) && file.Field(2, 2) is [0x0a, _, 0x0a, ..] && !file.IsNamed(".pb");

    private static bool IsSavedModel(FileStart file) => file.Has([0x08]) && file.Field(2, 2) is [0x0a, ..];

    // Nodes: a name, then an operator.
    private static bool IsFrozenGraph(FileStart file) =>
        file.Field(1) is [0x0a, var length, .. var rest] && rest.Length > length && rest[length] == 0x12;

    // A name, then layers.
    private static bool IsCaffeModel(FileStart file) => file.Text.Length == 0 && (file.IsNamed(".caffemodel")
        || (file.Bytes is [0x0a, var length, .. var rest] && rest.Length > length && rest[length..] is [0xa2, 0x06, ..]));

    private static bool IsPrototxt(FileStart file) =>
        file.IsNamed(".prototxt") || file.Mentions("layer {") || file.Mentions("layers {") || file.Mentions("input_dim:");

    private static bool IsTensorFlowCheckpoint(FileStart file) =>
        file.IsNamed(".index", ".meta") || file.Name.Contains(".data-0", StringComparison.Ordinal);

    private static bool IsPicture(FileStart file) =>
        file.Has([0xff, 0xd8, 0xff])
        || file.Has([0x89, .. "PNG"u8])
        || file.Has("GIF8"u8)
        || file.Has("WEBP"u8, 8)
        || file.Has("II*\0"u8)
        || file.Has("MM\0*"u8)
        || file.Has("ftyphei"u8, 4)
        || file.Has("ftypavif"u8, 4)
        || (file.Has("BM"u8) && file.Has([0, 0, 0, 0], 6))
        || file.Mentions("<svg");

    /// <param name="Id">Id of the error.</param>
    /// <param name="Name">What it is.</param>
    /// <param name="Advice">The way out.</param>
    /// <param name="Is">Whether a file is one.</param>
    private sealed record Kind(string Id, string Name, string Advice, Func<FileStart, bool> Is)
    {
        public ModelFormatException ToError(string file) =>
            new(Id, $"'{file}' is {Name}{(Id == OtherFormat ? ", which CnnViz does not read" : string.Empty)}.", Advice);
    }
}
