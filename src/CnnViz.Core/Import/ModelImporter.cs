using CnnViz.Catalogue;
using CnnViz.Import.Architectures;
using CnnViz.Import.Drafts;
using CnnViz.Import.Hub;
using CnnViz.Import.Modules;
using CnnViz.Import.Normalizations;
using CnnViz.Networks;
using CnnViz.Runtimes;
using TorchSharp;

namespace CnnViz.Import;

/// <summary>Turns a file into a model.</summary>
public static class ModelImporter
{
    /// <summary>Names of the architectures that files of weights may belong to.</summary>
    public static IReadOnlyList<string> Architectures { get; } =
        [.. ArchitectureList.All.Concat(ArchitectureList.Families).Select(architecture => architecture.Name)];

    // Pixels of the image that a file may have its network run on.
    private const long LargestUnasked = 2048 * 2048;

    /// <summary>Reads a model.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">What the user says about it.</param>
    /// <returns>The model; the caller owns it.</returns>
    /// <exception cref="CnnVizException">The file is not there, cannot be read, or is not an image model that CnnViz knows; the
    /// device is not there; or an option does not fit.</exception>
    public static CnnModel Import(string path, ImportOptions options)
    {
        path = HubFolder.FileOf(path);
        var file = new ModelFile(path);

        // Both take a while, and neither needs the other.
        var load = Task.Run(NativeLibraries.EnsureLoaded);
        string sha256 = file.Sha256();
        PublishedModel? published = FindPublished(file, sha256, options.Published);
        ModelSource source = ModelFormats.Read(
            file, options with { Architecture = options.Architecture ?? published?.Architecture });
        try
        {
            load.GetAwaiter().GetResult();
            torch.Device device = FindDevice(options.Device);
            if (options.Inputs.Count > 0 && source.Format != "ONNX")
            {
                throw new CnnVizException(
                    "InputUnknown", $"'{path}' ({source.Format}) has no inputs beside the image.", "Leave -Input out.");
            }

            Preprocessing preprocessing = options.Preprocessing ?? published?.Preprocessing
                ?? InputNormalization.Refine(source.Preprocessing, source.Graph, source.Channels).OrUnit(source.Channels);
            preprocessing.ThrowIfNotFor(source.Channels);
            int usualSize = published?.InputSize ?? source.UsualSize;
            int height = options.InputSize?.Height ?? source.Height ?? usualSize;
            int width = options.InputSize?.Width ?? source.Width ?? published?.InputSize ?? source.UsualWidth ?? usualSize;
            ThrowIfTooLarge(path, height, width, options);
            var facts = new ModelFacts(
                options.Published?.Name ?? HubFolder.NameOf(path),
                Path.GetFullPath(path),
                source.Format,
                sha256,
                new LayerShape(source.Channels, height, width, IsMap: true),
                preprocessing)
            {
                Architecture = source.Architecture,
                Given = new GivenFacts
                {
                    Architecture = options.Architecture,
                    InputSize = options.InputSize,
                    ClassNames = options.ClassNames,
                    Inputs = options.Inputs,
                },
                ClassNames = options.ClassNames ?? published?.ClassNames ?? source.OutputClasses ?? [],
                ClassNamesByLayer = source.ClassNames,
                HasOpenSize = source.Height is null || source.Width is null,
                Remark = string.Join(' ', new[] { source.Remark, BrokenWeights.Remark(source.Graph) }.OfType<string>()) is { Length: > 0 } remark ? remark : null,
            };
            return new CnnModel(source.Graph, facts, device);
        }
        catch
        {
            source.Graph.Dispose();
            throw;
        }
    }

    // The network runs once at this size; a few bytes of a file are not to take all memory.
    private static void ThrowIfTooLarge(string path, int height, int width, ImportOptions options)
    {
        if (options.InputSize is null && (long)height * width > LargestUnasked)
        {
            throw new CnnVizException(
                "InputTooLarge",
                $"'{Path.GetFileName(path)}' says that its images have {height}×{width} pixels, and no more than {LargestUnasked:N0} are tried unasked.",
                "Give -InputSize, if this is right; or another one.");
        }
    }

    /// <summary>Looks into a TorchSharp module, which stays the caller's.</summary>
    /// <param name="module">A <c>torch.nn.Module&lt;Tensor, Tensor&gt;</c> of the TorchSharp that CnnViz uses. It runs in evaluation mode, and is then
    /// as it was before; later changes of its weights show.</param>
    /// <param name="options">What the user says about it. The device is the module's.</param>
    /// <returns>The model. To dispose it leaves the module alone.</returns>
    /// <exception cref="CnnVizException">It is no such module, or fails on an image of the input's size; or an option does not fit.</exception>
    public static CnnModel Import(object module, ImportOptions options)
    {
        NativeLibraries.EnsureLoaded();
        torch.nn.Module<torch.Tensor, torch.Tensor> checkedModule = ModuleReader.Check(module);
        string name = ModuleReader.NameOf(checkedModule);
        ModuleSource source = ModuleReader.Read(checkedModule, name, options);
        Preprocessing preprocessing =
            options.Preprocessing ?? Preprocessing.Unit with { Source = PreprocessingSource.Guessed };
        preprocessing.ThrowIfNotFor(source.InputShape.Channels);
        var facts = new ModelFacts(name, string.Empty, "TorchSharp", source.Sha256, source.InputShape, preprocessing)
        {
            ClassNames = options.ClassNames ?? [],
            HasOpenSize = true,
            Remark = source.Remark,
        };
        return new CnnModel(source.Graph, facts, source.Device);
    }

    /// <summary>Drafts a description of the network that a file of weights belongs to.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">What the user says about it; the size of the image counts.</param>
    /// <exception cref="CnnVizException">The file has its network in it, or is of one that is known; it is damaged, has no convolution, or no
    /// layer that takes an image.</exception>
    public static NetworkDraft Draft(string path, ImportOptions options)
    {
        var file = new ModelFile(path);
        NativeLibraries.EnsureLoaded();
        return ArchitectureReader.Draft(file.Path, options.InputSize);
    }

    private static PublishedModel? FindPublished(ModelFile file, string sha256, PublishedModel? expected) =>
        expected is null ? ModelCatalogue.Recognize(sha256, file.Length)
        : expected.HasHash(sha256) ? expected
        : throw new ModelFormatException(
            "ModelNotAsPublished",
            $"'{file.Path}' is not the model '{expected}' as it was published: its SHA-256 is {sha256}.",
            "Download it again with Save-CnnModel -Force.");

    private static torch.Device FindDevice(string name)
    {
        torch.Device device;
        try
        {
            device = torch.device(name);
            torch.zeros(1, device: device).Dispose();
        }
        catch (Exception exception)
        {
            throw new CnnVizException(
                "DeviceNotAvailable",
                $"There is no device '{name}' on this machine: {exception.Message.Split('\n', 2)[0]}",
                "Use -Device cpu.",
                exception);
        }

        return device;
    }
}
