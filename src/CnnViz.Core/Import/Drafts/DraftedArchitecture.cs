using CnnViz.Import.Architectures;
using CnnViz.Networks;

namespace CnnViz.Import.Drafts;

/// <summary>The network of weights that belong to no architecture: the chain that was drafted, where there is one.</summary>
internal static class DraftedArchitecture
{
    /// <summary>Drafts the network.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <param name="hint">What is nearest among the known ones, a sentence; or nothing.</param>
    /// <returns>The network, which fits; its remark says what was guessed.</returns>
    /// <exception cref="ModelFormatException">There is no convolution, or none that takes an image.</exception>
    public static ArchitectureMatch Match(string file, StateDict tensors, Extent? inputSize, string hint)
    {
        NetworkDraft draft = Draft(file, tensors, inputSize, hint);
        Architecture architecture = NetworkDescription.Parse("draft", draft.Text.Split('\n')) with
        {
            Name = "a chain that was drafted",
            Remark = $"'{file}' holds weights without a network; its layers were put one behind the other.{hint} {draft.Summary} A wrong guess spoils "
                + "the pictures of all layers behind it: look at the guesses with -Draft net.txt, correct them, and import with -Architecture net.txt.",
        };
        var match = new ArchitectureMatch(architecture, tensors, key => architecture.Find!(tensors, key));
        return match.Fits ? match : throw NotFound(file, tensors, hint);
    }

    /// <summary>Drafts a description of the network.</summary>
    /// <param name="file">Name of the file, for messages.</param>
    /// <param name="tensors">Its tensors.</param>
    /// <param name="inputSize">Size of the image, if it is given.</param>
    /// <param name="hint">What is nearest among the known ones, a sentence; or nothing.</param>
    /// <exception cref="ModelFormatException">There is no convolution, or none that takes an image.</exception>
    public static NetworkDraft Draft(string file, StateDict tensors, Extent? inputSize, string hint = "")
    {
        ThrowIfNoConvolution(file, WeightModule.Of(tensors));
        return NetworkDraft.Of(file, tensors, inputSize) ?? throw NotFound(file, tensors, hint);
    }

    private static ModelFormatException NotFound(string file, StateDict tensors, string hint)
    {
        IReadOnlyList<WeightModule> modules = WeightModule.Of(tensors);
        string why = ChainBuilder.Build(ModuleOrder.Of(modules)) is { StoppedAt: { } module, Reason: { } reason }
            ? $" No chain of layers begins with an image: {WeightFile.Quote(module.Name)} is first, and {reason}."
            : string.Empty;
        return new(
            "ArchitectureNotFound",
            $"'{file}' holds weights without a network, and they are those of none that CnnViz knows.{hint}{why}",
            "Describe the network in a text file and give it with -Architecture (about_CnnViz_Models), or export the model as ONNX.")
        {
            Details = KeyTable.Of(modules),
        };
    }

    private static void ThrowIfNoConvolution(string file, IReadOnlyList<WeightModule> modules)
    {
        if (modules.Any(module => module.Kind == WeightKind.Conv2d
            || (module.Kind == WeightKind.Other && module.Tensors.Any(tensor => tensor.Shape.Count == 4))))
        {
            return;
        }

        (WeightKind Kind, string One, string Many)[] names =
        [
            (WeightKind.Conv1d, "convolution over sequences (1-D)", "convolutions over sequences (1-D)"),
            (WeightKind.Conv3d, "convolution over volumes (3-D)", "convolutions over volumes (3-D)"),
            (WeightKind.Recurrent, "recurrent layer", "recurrent layers"),
            (WeightKind.Attention, "attention layer", "attention layers, as in a transformer"),
            (WeightKind.Embedding, "embedding", "embeddings"),
            (WeightKind.Linear, "dense layer", "dense layers"),
        ];
        string[] found =
        [
            .. names.Select(name => (name, Count: modules.Count(module => module.Kind == name.Kind)))
                .Where(pair => pair.Count > 0)
                .Select(pair => pair.Count == 1 ? $"one {pair.name.One}" : $"{pair.Count} {pair.name.Many}"),
        ];
        string has = found.Length == 0 ? string.Empty : $"; it has {string.Join(", ", found)}";
        throw new ModelFormatException(
            "NoConvolution",
            $"There is no 2-D convolution in '{file}'{has}.",
            "CnnViz shows what the filters of convolutional networks for images look for.")
        {
            Details = KeyTable.Of(modules),
        };
    }
}
