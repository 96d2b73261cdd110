using System.Text.Json;
using CnnViz.Import.Onnx;
using CnnViz.Models;

namespace CnnViz.Import.Keras;

/// <summary>Reads whole Keras models: HDF5 files of Keras 1 and 2, and <c>.keras</c> files of Keras 3.</summary>
internal static class KerasReader
{
    private const string Format = "Keras";

    // Models in models in models; beyond it a file means to do harm.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 256 };

    /// <summary>Whether a file is one of these, by its content.</summary>
    public static bool Recognizes(byte[] content) => Hdf5File.Recognizes(content) || KerasArchive.Recognizes(content);

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file, for messages.</param>
    /// <param name="content">The file's bytes.</param>
    /// <exception cref="ModelFormatException">The file is damaged, has weights only, has layers that are not known, or is not an image
    /// model.</exception>
    public static ModelSource Read(string path, byte[] content)
    {
        string file = Path.GetFileName(path);
        try
        {
            return Hdf5File.Recognizes(content) ? ReadHdf5(file, content) : ReadArchive(file, content);
        }
        catch (UnsupportedModelException exception)
        {
            throw new ModelFormatException(
                "UnsupportedModel",
                $"'{file}' needs what CnnViz does not know: {exception.Message}.",
                "Save it as a Sequential or Functional model, or export it as ONNX.",
                exception);
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            // A damaged file can fail anywhere, and what it fails with says nothing to its user.
            throw new ModelFormatException(
                "ModelDamaged",
                $"'{file}' is damaged: {exception.Message.Split('\n', 2)[0]}",
                "Download or save it again.",
                exception);
        }
    }

    private static ModelSource ReadHdf5(string file, byte[] content)
    {
        using var hdf5 = new Hdf5File(content);
        string config = hdf5.Root.Text("model_config") ?? throw WeightsOnly(file);
        Hdf5Group weights = hdf5.Root.Group("model_weights") ?? hdf5.Root;
        using JsonDocument json = JsonDocument.Parse(config, s_json);
        KerasModel model = KerasModel.Parse(json.RootElement);
        string? version = hdf5.Root.Text("keras_version") ?? weights.Text("keras_version");
        KerasDialect dialect = KerasDialect.Of(model, version, hdf5.Root.Text("backend") ?? weights.Text("backend"));
        return Build(file, model, dialect, new LayerGroups(weights));
    }

    private static ModelSource ReadArchive(string file, byte[] content)
    {
        using var archive = new KerasArchive(content);
        using JsonDocument json = JsonDocument.Parse(archive.Config, s_json);
        KerasModel model = KerasModel.Parse(json.RootElement);
        using var weights = new Hdf5File(archive.Weights);
        return Build(file, model, KerasDialect.Of(model, archive.Version ?? "3", null), new NumberedGroups(weights.Root));
    }

    private static ModelSource Build(string file, KerasModel model, KerasDialect dialect, IKerasWeights weights)
    {
        if (model.Inputs.Count != 1 || model.InputShape is not { Length: 3 } shape)
        {
            throw OnnxInput.NotImages(file, model.Inputs.Count == 1
                ? "its input does not have 4 dimensions"
                : $"it has {model.Inputs.Count} inputs instead of 1");
        }

        long?[] sizes = dialect.ChannelsFirst ? shape : [shape[2], shape[0], shape[1]];
        if (sizes[0] is not { } channels || OnnxInput.IsAbsurd(sizes))
        {
            throw OnnxInput.NotImages(file, $"its input has the size {string.Join('×', sizes.Select(size => size?.ToString() ?? "?"))}");
        }

        var builder = new KerasGraphBuilder(file, dialect, weights);
        Graph graph = builder.Build(model, (int)channels);
        return new ModelSource(
            graph,
            Format,
            (int)channels,
            (int?)sizes[1],
            (int?)sizes[2],
            KerasPreprocessing.Find(model, builder.Scaling, (int)channels),
            new Dictionary<string, IReadOnlyList<string>>());
    }

    private static ModelFormatException WeightsOnly(string file) => new(
        "WeightsOnly",
        $"'{file}' has no network in it, only weights, if it is a Keras file at all.",
        "Save the whole model (model.save), or name the network with -Architecture.");
}
