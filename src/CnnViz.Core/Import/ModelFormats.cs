using CnnViz.Import.Architectures;
using CnnViz.Import.Keras;
using CnnViz.Import.Onnx;
using CnnViz.Import.TorchScript;
using CnnViz.Runtimes;

namespace CnnViz.Import;

/// <summary>The formats of model files. What a file is, its content says and not its name.</summary>
internal static class ModelFormats
{
    // Each gives null for a file of another kind. ONNX, which has no mark of its own, takes what is left; what it refuses may be a format
    // that is known, but not read.
    private static readonly Func<ModelFile, ImportOptions, ModelSource?>[] s_readers =
    [
        (file, options) => TorchScriptReader.TryRead(file.Path, options),
        (file, options) => ArchitectureReader.TryRead(file.Path, options.Architecture, options.InputSize),
        (file, options) => KerasReader.Recognizes(file.Content) ? KerasReader.Read(file.Path, file.Content, options.Architecture, options.InputSize) : null,
        (file, options) => ReadOnnx(file, options),
    ];

    /// <summary>Reads a model.</summary>
    /// <exception cref="CnnVizException">The file is of no format that is known, is damaged, or an option does not fit.</exception>
    public static ModelSource Read(ModelFile file, ImportOptions options)
    {
        // ONNX is parsed while libtorch is still being loaded; readers of other formats make tensors from the start.
        if (!OnnxReader.LooksLike(file))
        {
            NativeLibraries.EnsureLoaded();
        }

        return s_readers.Select(read => read(file, options)).First(source => source is not null)!;
    }

    private static ModelSource ReadOnnx(ModelFile file, ImportOptions options)
    {
        try
        {
            return OnnxReader.Read(file.Path, file.Content, options.Inputs);
        }
        catch (ModelFormatException exception) when (exception.ErrorId == OnnxReader.NotOnnx)
        {
            throw ForeignFormats.Find(file.Path, file.Content) ?? exception;
        }
    }
}
