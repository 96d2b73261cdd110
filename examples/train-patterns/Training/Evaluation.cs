using CnnViz.Patterns.Drawing;
using TorchSharp;
using static TorchSharp.torch;

namespace CnnViz.Patterns.Training;

/// <summary>Asks a network about fresh pictures, as many of each pattern, in all hues.</summary>
internal static class Evaluation
{
    // No training run has this seed: its pictures are new to every network.
    private const ulong FreshSeed = 0xF4E5_0000_0000_0001;
    private const int BatchSize = 56;

    /// <summary>Counts right and wrong answers.</summary>
    /// <param name="network">Scores of patterns (N×28) and hues (N×8) for pictures (N×3×H×W, 0…1); they are disposed here.</param>
    /// <param name="perPattern">Number of pictures of each pattern.</param>
    public static (Confusion Patterns, Confusion Hues) Run(Func<Tensor, (Tensor Pattern, Tensor Hue)> network, int perPattern)
    {
        var patterns = new Confusion(PatternCatalog.Names);
        var hues = new Confusion(Hue.Names);
        var painter = new PatternPainter(Trainer.PictureSize);
        int total = perPattern * PatternCatalog.All.Count;
        for (int first = 0; first < total; first += BatchSize)
        {
            var batch = new Batch(Math.Min(BatchSize, total - first), painter.PictureLength);
            for (int i = 0; i < batch.Count; i++)
            {
                (int round, int pattern) = Math.DivRem(first + i, PatternCatalog.All.Count);
                var label = new PatternLabel(pattern, (round + pattern) % Hue.All.Count);
                painter.Paint(label, new RandomSource(FreshSeed, (ulong)(first + i)), batch.Picture(i));
                (batch.Patterns[i], batch.Hues[i]) = (label.Pattern, label.Hue);
            }

            using DisposeScope scope = NewDisposeScope();
            using (no_grad())
            {
                (Tensor pattern, Tensor hue) =
                    network(tensor(batch.Pixels, [batch.Count, 3, Trainer.PictureSize, Trainer.PictureSize]));
                Count(patterns, batch.Patterns, pattern);
                Count(hues, batch.Hues, hue);
            }
        }

        return (patterns, hues);
    }

    private static void Count(Confusion confusion, long[] truths, Tensor scores)
    {
        long[] answers = scores.argmax(1).data<long>().ToArray();
        for (int i = 0; i < truths.Length; i++)
        {
            confusion.Add((int)truths[i], (int)answers[i]);
        }
    }
}
