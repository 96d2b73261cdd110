using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// Reads TorchScript archives, as torch.jit.save writes them. The text of the modules is written down as a network, which is held against
/// what libtorch's interpreter computes; what is not understood, or does not agree, is run by the interpreter.
/// </summary>
internal static class TorchScriptReader
{
    private const string Format = "TorchScript";
    private const int UsualSize = 224;
    private const double Tolerance = 1e-3;

    /// <summary>Reads a file if it is a TorchScript archive.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="options">What the user says about it.</param>
    /// <returns>The model; null for a file of another kind.</returns>
    /// <exception cref="CnnVizException">The file is damaged, does not give one tensor for one image, or cannot run at the size.</exception>
    public static ModelSource? TryRead(string path, ImportOptions options)
    {
        if (ScriptArchive.TryRead(path) is not { } archive)
        {
            return null;
        }

        torch.jit.ScriptModule module = Load(path, options.Device);
        int channels = (int?)module.parameters().FirstOrDefault(parameter => parameter.dim() == 4)?.shape[1] ?? 3;
        (int height, int width) = options.InputSize ?? (UsualSize, UsualSize);

        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var random = new torch.Generator(1);
        torch.Tensor image = torch.rand([2, channels, height, width], generator: random).to(torch.device(options.Device));
        torch.Tensor expected = Run(path, module, image);
        (Graph graph, string? remark) = Translate(archive, module, channels, image, expected);
        return new ModelSource(
            graph,
            Format,
            channels,
            Height: null,
            Width: null,
            Preprocessing.Unit with { Source = PreprocessingSource.Guessed },
            new Dictionary<string, IReadOnlyList<string>>())
        {
            UsualSize = UsualSize,
            Remark = remark,
        };
    }

    private static (Graph Graph, string? Remark) Translate(
        ScriptArchive archive, torch.jit.ScriptModule module, int channels, torch.Tensor image, torch.Tensor expected)
    {
        try
        {
            var translator = new ScriptTranslator(archive, module, channels);
            Graph graph = translator.Network.Build(translator.Run());
            graph.To(image.device);
            if (Agrees(graph, image, expected))
            {
                return (graph, translator.Closed.Count == 0
                    ? null
                    : $"The layers within {string.Join(", ", translator.Closed)} cannot be seen: their program is not understood.");
            }

            graph.Dispose();
            return (Whole(module, channels), "No layer but the output can be seen: what its program was taken for does not agree with it.");
        }
        catch (NotTranslatedException exception)
        {
            return (Whole(module, channels), $"No layer but the output can be seen: its program is not understood ({exception.Message}).");
        }
    }

    private static bool Agrees(Graph graph, torch.Tensor image, torch.Tensor expected)
    {
        try
        {
            torch.Tensor output = graph.SubGraph(graph.Outputs[0]).Run(image);
            return output.shape.SequenceEqual(expected.shape)
                && (output - expected).abs().max().ToDouble() <= Tolerance * Math.Max(1e-3, expected.abs().max().ToDouble());
        }
        catch (ImageSizeException)
        {
            return false;
        }
    }

    private static Graph Whole(torch.jit.ScriptModule module, int channels)
    {
        var network = new NetworkBuilder(channels);
        return network.Build(network.Add("output", NetworkBuilder.ForeignType, [network.Image], make: node =>
        {
            node.Operand(0);
            return new ScriptBlock(module, Format);
        }));
    }

    private static torch.jit.ScriptModule Load(string path, string device)
    {
        try
        {
            torch.jit.ScriptModule module = torch.jit.load(path, device);
            module.eval();
            if (module.parameters().Any(parameter => parameter.is_floating_point() && parameter.dtype != torch.ScalarType.Float32))
            {
                module.to(torch.ScalarType.Float32);
            }

            return module;
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            throw new ModelFormatException(
                "ScriptNotLoaded",
                $"libtorch cannot load '{Path.GetFileName(path)}': {Reason(exception)}",
                "Save it again with torch.jit.save, in a version of PyTorch that is not newer than 2.10.",
                exception);
        }
    }

    private static torch.Tensor Run(string path, torch.jit.ScriptModule module, torch.Tensor image)
    {
        try
        {
            return module.forward(image) as torch.Tensor ?? throw new ModelFormatException(
                "NotAnImageModel",
                $"'{Path.GetFileName(path)}' gives something else than one tensor.",
                "Save a module that takes a batch of images and gives one tensor.");
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            throw new ImageSizeException(
                "LayerCannotRun",
                $"'{Path.GetFileName(path)}' fails on images of {string.Join('×', image.shape[1..])}: {Reason(exception)}",
                "Give the size of its input with -InputSize.",
                exception);
        }
    }

    // libtorch tells the place in the program first, and what is wrong in the end.
    private static string Reason(Exception exception) =>
        exception.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => line.Contains("Error", StringComparison.Ordinal) && !line.StartsWith("frame ", StringComparison.Ordinal)) ?? exception.Message.Split('\n', 2)[0];
}
