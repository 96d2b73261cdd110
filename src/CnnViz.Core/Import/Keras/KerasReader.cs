using System.Text.Json;
using CnnViz.Import.Architectures;
using CnnViz.Import.Drafts;
using CnnViz.Import.Keras.Applications;
using CnnViz.Import.Onnx;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import.Keras;

/// <summary>
/// Reads Keras models: HDF5 files of Keras 1 and 2, <c>.keras</c> files of Keras 3, and HDF5 files of weights for some of the networks
/// of keras.applications.
/// </summary>
internal static class KerasReader
{
    private const string Format = "Keras";

    private const long LargeAllocation = 32 << 20;

    // Models in models in models; beyond it a file means to do harm.
    private static readonly JsonDocumentOptions s_json = new() { MaxDepth = 256 };

    /// <summary>Whether a file is one of these, by its content.</summary>
    public static bool Recognizes(byte[] content) => Hdf5File.Recognizes(content) || KerasArchive.Recognizes(content);

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file, for messages.</param>
    /// <param name="content">The file's bytes.</param>
    /// <param name="architecture">For a file of weights alone: the name of its network, or the path of a description; null to find out.</param>
    /// <param name="inputSize">For a file of weights alone: the size of its image, if it is given.</param>
    /// <exception cref="ModelFormatException">The file is damaged, has weights for no network that is known, has layers that are not
    /// known, or is not an image model.</exception>
    public static ModelSource Read(string path, byte[] content, string? architecture = null, (int Height, int Width)? inputSize = null)
    {
        string file = Path.GetFileName(path);
        return Guard(file, () => Hdf5File.Recognizes(content) ? ReadHdf5(path, content, architecture, inputSize) : ReadArchive(path, content));
    }

    /// <summary>Drafts a description of the network that a file of weights alone belongs to.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="inputSize">The size of its image, if it is given.</param>
    /// <returns>The draft; null where the file is none of weights alone.</returns>
    /// <exception cref="CnnVizException">The file is damaged, or no draft can be made.</exception>
    public static NetworkDraft? Draft(string path, (int Height, int Width)? inputSize)
    {
        byte[] content = new ModelFile(path).Content;
        string file = Path.GetFileName(path);
        return !Hdf5File.Recognizes(content) ? null : Guard<NetworkDraft?>(file, () =>
        {
            using var hdf5 = new Hdf5File(content);
            if (hdf5.Root.Text("model_config") is not null)
            {
                return null;
            }

            using StateDict tensors = KerasStateDict.Of(hdf5.Root);
            ThrowIfEmpty(file, tensors);
            return ArchitectureReader.Draft(file, tensors, inputSize);
        });
    }

    private static T Guard<T>(string file, Func<T> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return read();
        }
        catch (Exception exception)
        {
            GiveBack(GC.GetAllocatedBytesForCurrentThread() - before);
            if (exception is CnnVizException)
            {
                throw;
            }

            // A damaged file can fail anywhere, and what it fails with says nothing to its user.
            string reason = exception.Message.Split('\n', 2)[0];
            throw exception is UnsupportedModelException
                ? new ModelFormatException(
                    "UnsupportedModel",
                    $"'{file}' needs what CnnViz does not know: {reason}.",
                    "Save it as a Sequential or Functional model, or export it as ONNX.",
                    exception)
                : new ModelFormatException(
                    "ModelDamaged", $"'{file}' is damaged: {reason}", "Download or save it again.", exception);
        }
    }

    private static ModelSource ReadHdf5(string path, byte[] content, string? architecture, (int Height, int Width)? inputSize)
    {
        using var hdf5 = new Hdf5File(content);
        if (hdf5.Root.Text("model_config") is not { } config)
        {
            return ReadWeights(path, hdf5.Root, architecture, inputSize);
        }

        Hdf5Group weights = hdf5.Root.Group("model_weights") ?? hdf5.Root;
        using JsonDocument json = JsonDocument.Parse(config, s_json);
        KerasModel model = KerasModel.Parse(json.RootElement);
        string? version = hdf5.Root.Text("keras_version") ?? weights.Text("keras_version");
        KerasDialect dialect = KerasDialect.Of(model, version, hdf5.Root.Text("backend") ?? weights.Text("backend"));
        return Build(path, model, dialect, new LayerGroups(weights));
    }

    private static ModelSource ReadWeights(string path, Hdf5Group root, string? architecture, (int Height, int Width)? inputSize)
    {
        var weights = new LayerGroups(root);
        string[] layers = [.. root.Texts("layer_names").Where(name => weights.Of(new WeightKeys([name], [])).Count > 0)];
        Application[] candidates = [.. Application.All.Where(candidate =>
            architecture is null || string.Equals(candidate.Name, architecture, StringComparison.OrdinalIgnoreCase))];
        (Application application, KerasModel? model) = candidates
            .Select(candidate => (candidate, candidate.Fit(layers)))
            .FirstOrDefault(pair => pair.Item2 is not null);
        if (model is null)
        {
            string file = Path.GetFileName(path);
            using StateDict tensors = KerasStateDict.Of(root);
            ThrowIfEmpty(file, tensors);
            return ArchitectureReader.Read(file, tensors, architecture, inputSize);
        }

        ModelSource source = Build(path, model, KerasDialect.Of(model, root.Text("keras_version"), root.Text("backend")), weights);
        return source with
        {
            Architecture = application.Name,
            UsualSize = application.InputSize,
            Preprocessing = (application.Preprocessing ?? source.Preprocessing) with { Source = PreprocessingSource.Convention },
        };
    }

    private static ModelSource ReadArchive(string path, byte[] content)
    {
        using var archive = new KerasArchive(content);
        using JsonDocument json = JsonDocument.Parse(archive.Config, s_json);
        KerasModel model = KerasModel.Parse(json.RootElement);
        using var weights = new Hdf5File(archive.Weights);
        return Build(path, model, KerasDialect.Of(model, archive.Version ?? "3", null), new NumberedGroups(weights.Root));
    }

    private static ModelSource Build(string path, KerasModel model, KerasDialect dialect, IKerasWeights weights)
    {
        string file = Path.GetFileName(path);
        bool areFrames = model is { Inputs.Count: 1, InputShape.Length: 4 } && model.TakesFrames;
        if (model.Inputs.Count != 1 || (areFrames ? model.InputShape?[1..] : model.InputShape) is not { Length: 3 } shape)
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

        var builder = new KerasGraphBuilder(file, dialect, weights, (int)channels, model.Inputs[0]);
        Graph graph = builder.Build(model, areFrames);
        bool isTeachable = TeachableMachine.Made(model);
        return new ModelSource(
            graph,
            Format,
            (int)channels,
            (int?)sizes[1],
            (int?)sizes[2],
            isTeachable ? TeachableMachine.Preprocessing : KerasPreprocessing.Find(model, builder.TakesBytes, (int)channels),
            isTeachable ? TeachableMachine.ClassNames(path, graph) : new Dictionary<string, IReadOnlyList<string>>())
        {
            Remark = builder.Remark,
        };
    }

    // PureHDF asks for as much memory as a length in the file says, before it sees that the file ends. That is free as long as nothing
    // touches it, which .NET would do if it used the same memory again.
    private static void GiveBack(long allocated)
    {
        if (allocated > LargeAllocation)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static void ThrowIfEmpty(string file, StateDict tensors)
    {
        if (tensors.Tensors.Count == 0)
        {
            throw new ModelFormatException(
                "WeightsOnly", $"'{file}' has no network, and no weights by layers.", "Save the whole model (model.save).");
        }
    }
}
