using System.Diagnostics;
using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace CnnViz.Patterns.Training;

/// <summary>
/// Trains the network on pictures that are painted as it goes: AdamW, on the sum of both heads' cross-entropies. The learning rate
/// rises over the first twentieth of the time and then falls along a cosine, so that training is complete whenever the time is up,
/// be the machine fast or slow.
/// </summary>
/// <param name="seed">Decides the weights to start from and the pictures.</param>
/// <param name="duration">Time to train for, pauses between two runs not counted.</param>
/// <param name="checkpointFile">Where the run is kept, and taken up again.</param>
internal sealed class Trainer(ulong seed, TimeSpan duration, string checkpointFile)
{
    /// <summary>Side of the pictures in pixels.</summary>
    public const int PictureSize = 64;

    private const int BatchSize = 64;
    private const double HighestRate = 2e-3;
    private const double WarmUp = 0.05;
    private const double WeightDecay = 0.03;
    private const double ReportSeconds = 15;
    private const double SaveSeconds = 60;

    /// <summary>Trains, or goes on training, to the end of the time.</summary>
    /// <param name="network">The network; is left in evaluation mode.</param>
    /// <returns>What was done in all.</returns>
    public Standing Train(PatternNetwork network)
    {
        (IEnumerable<Parameter> decaying, IEnumerable<Parameter> free) = network.SplitParameters();
        using AdamW optimizer = optim.AdamW(
            [
                new AdamW.ParamGroup(decaying, HighestRate, weight_decay: WeightDecay),
                new AdamW.ParamGroup(free, HighestRate, weight_decay: 0),
            ]);
        var checkpoint = new Checkpoint(checkpointFile);
        Standing standing = checkpoint.Load(network, optimizer);
        if (standing.Step > 0)
        {
            Console.WriteLine($"goes on at step {standing.Step} of {checkpointFile}");
        }

        network.train();
        using var batches = new BatchSource(seed, standing.Step, BatchSize, PictureSize);
        var progress = new Progress();
        var clock = Stopwatch.StartNew();
        (double before, double reported, double saved) = (standing.Seconds, standing.Seconds, standing.Seconds);
        while (standing.Seconds < duration.TotalSeconds)
        {
            SetRate(optimizer, Rate(standing.Seconds / duration.TotalSeconds));
            Batch batch = batches.Take();
            Learn(network, optimizer, batch, progress);
            batches.Return(batch);
            standing = new Standing(standing.Step + 1, before + clock.Elapsed.TotalSeconds);
            if (standing.Seconds - reported >= ReportSeconds)
            {
                Report(standing, progress, standing.Seconds - reported);
                progress = new Progress();
                reported = standing.Seconds;
            }

            if (standing.Seconds - saved >= SaveSeconds || standing.Seconds >= duration.TotalSeconds)
            {
                checkpoint.Save(standing, network, optimizer);
                saved = standing.Seconds;
            }
        }

        network.eval();
        return standing;
    }

    private static void Learn(PatternNetwork network, AdamW optimizer, Batch batch, Progress progress)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor pictures = tensor(batch.Pixels, [batch.Count, 3, PictureSize, PictureSize]);
        Tensor patterns = tensor(batch.Patterns);
        Tensor hues = tensor(batch.Hues);
        optimizer.zero_grad();
        (Tensor pattern, Tensor hue) = network.call(pictures);
        Tensor loss = nn.functional.cross_entropy(pattern, patterns) + nn.functional.cross_entropy(hue, hues);
        loss.backward();
        optimizer.step();
        progress.Add(
            batch.Count,
            loss.ToSingle(),
            pattern.argmax(1).eq(patterns).sum().ToInt32(),
            hue.argmax(1).eq(hues).sum().ToInt32());
    }

    private static double Rate(double part) => part < WarmUp
        ? HighestRate * Math.Max(part / WarmUp, 0.01)
        : HighestRate * (0.5 + 0.5 * Math.Cos(Math.PI * (part - WarmUp) / (1 - WarmUp)));

    private static void SetRate(AdamW optimizer, double rate)
    {
        foreach (var group in optimizer.ParamGroups)
        {
            group.LearningRate = rate;
        }
    }

    private void Report(Standing standing, Progress progress, double seconds)
    {
        TimeSpan left = duration - TimeSpan.FromSeconds(standing.Seconds);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"step {standing.Step,6}  loss {progress.Loss:0.0000}  patterns {progress.Patterns,6:0.0%}  hues {progress.Hues,6:0.0%}  "
            + $"{progress.Pictures / seconds:0} pictures/s  {left:mm\\:ss} left"));
    }

    // Sums since the last report.
    private sealed class Progress
    {
        private double _loss;
        private int _batches;
        private int _patterns;
        private int _hues;

        public int Pictures { get; private set; }

        public double Loss => _loss / _batches;

        public double Patterns => (double)_patterns / Pictures;

        public double Hues => (double)_hues / Pictures;

        public void Add(int pictures, float loss, int patterns, int hues)
        {
            Pictures += pictures;
            _batches++;
            _loss += loss;
            _patterns += patterns;
            _hues += hues;
        }
    }
}
