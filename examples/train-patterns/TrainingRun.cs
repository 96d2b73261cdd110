using System.Globalization;
using CnnViz.Networks;
using CnnViz.Patterns.Drawing;
using CnnViz.Patterns.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnViz.Patterns;

/// <summary>From nothing to a model file: trains, writes, reads back, and tries on fresh pictures what was read.</summary>
internal static class TrainingRun
{
    /// <summary>The least part of fresh pictures whose pattern must be known.</summary>
    public const double PatternBar = 0.97;

    /// <summary>The least part of fresh pictures whose hue must be known.</summary>
    public const double HueBar = 0.95;

    private const int FreshPerPattern = 400;
    private const float Tolerance = 1e-5f;

    /// <summary>Runs.</summary>
    /// <returns>Whether the file has what the network has learnt, and that is enough.</returns>
    public static bool Execute(TrainerOptions options)
    {
        manual_seed((long)options.Seed);
        using var network = new PatternNetwork();
        Print($"{PatternCatalog.All.Count} patterns, {Hue.All.Count} hues, {network.ParameterCount} parameters, seed {options.Seed}");
        Standing standing = new Trainer(options.Seed, options.Duration, options.CheckpointFile).Train(network);
        Print($"{standing.Step} steps in {standing.Seconds / 60:0.0} minutes");

        string path = Path.Combine(options.OutputFolder, "patterns.onnx");
        PatternModelFile.Write(network, path);
        Print($"{path}: {new FileInfo(path).Length} bytes");
        using var imported = new ImportedNetwork(path);
        float difference = LargestDifference(network, imported);
        Print($"differs from the trained network by {difference:0.0e0} at most");
        (Confusion patterns, Confusion hues) = Evaluation.Run(imported.Run, FreshPerPattern);
        Print($"{FreshPerPattern} fresh pictures of each pattern:");
        Print($"{Environment.NewLine}{patterns.ToTable("pattern")}{Environment.NewLine}{Environment.NewLine}{hues.ToTable("hue")}");
        return Holds(difference <= Tolerance, "The file gives other answers than the trained network.")
            & Holds(imported.Preprocessing.Name == Preprocessing.Unit.Name, "The file is read with another preprocessing.")
            & Holds(patterns.Accuracy >= PatternBar, "Too few patterns are known.")
            & Holds(hues.Accuracy >= HueBar, "Too few hues are known.");
    }

    // Relative where scores are large.
    private static float LargestDifference(PatternNetwork network, ImportedNetwork imported)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        var painter = new PatternPainter(Trainer.PictureSize);
        var batch = new Batch(32, painter.PictureLength);
        for (int i = 0; i < batch.Count; i++)
        {
            painter.Paint(0, i, batch.Picture(i));
        }

        Tensor pictures = tensor(batch.Pixels, [batch.Count, 3, Trainer.PictureSize, Trainer.PictureSize]);
        (Tensor pattern, Tensor hue) = network.call(pictures);
        (Tensor importedPattern, Tensor importedHue) = imported.Run(pictures);
        return Math.Max(Difference(pattern, importedPattern), Difference(hue, importedHue));

        static float Difference(Tensor expected, Tensor actual) =>
            ((actual - expected).abs() / expected.abs().clamp_min(1)).max().ToSingle();
    }

    private static bool Holds(bool condition, string complaint)
    {
        if (!condition)
        {
            Console.Error.WriteLine(complaint);
        }

        return condition;
    }

    private static void Print(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
