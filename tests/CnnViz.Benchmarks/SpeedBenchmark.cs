using System.Diagnostics;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Showing.Atlas.Pages;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>
/// Times of the default recipe, of the Keras guide's and of Lucent's as published, in one process on one graph, in turns, the best of several.
/// </summary>
internal static class SpeedBenchmark
{
    private const int Rounds = 3;
    private const int OurSteps = 64;
    private const int Batch = 8;
    private const int GuideSteps = 4;
    private const int LucentSteps = 2;

    // Where pictures are compared with Lucent's.
    private static readonly string[] s_compared = ["conv2/3x3", "inception_3b/3x3", "inception_4c/3x3", "inception_5a/3x3"];

    // After as many steps pictures are looked at.
    private static readonly int[] s_stops = [8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128];

    /// <summary>Networks, and layers of them.</summary>
    public static IReadOnlyList<(string Name, Func<CnnModel> Load, string[] Layers)> Models { get; } =
    [
        ("GoogLeNet", () => BenchmarkModels.Load("googlenet"), ["conv1/7x7_s2", .. s_compared]),
        ("SqueezeNet 1.1", () => BenchmarkModels.Load("squeezenet1.1"), ["conv1", "fire3/expand3x3", "fire6/expand3x3", "fire9/expand3x3"]),
        ("VGG-16, random", () => BenchmarkModels.Random("vgg16", 224), ["features.0", "features.2", "features.12", "features.28"]),
        ("ResNet-50, random", () => BenchmarkModels.Random("resnet50", 224),
            ["conv1", "layer1.2.conv2", "layer2.3.conv2", "layer3.5.conv2", "layer4.2.conv2"]),

        // A layer two thirds deep of each family.
        ("RegNetY-400MF, random", () => BenchmarkModels.Random("regnet_y_400mf", 224), ["trunk_output.block3.block3-3.f.c.0"]),
        ("DenseNet-121, random", () => BenchmarkModels.Random("densenet121", 224), ["features.denseblock3.denselayer12.conv2"]),
        ("MobileNetV2, random", () => BenchmarkModels.Random("mobilenet_v2", 224), ["features.10.conv.2"]),
        ("MobileNetV3 Large, random", () => BenchmarkModels.Random("mobilenet_v3_large", 224), ["features.10.block.2.0"]),
        ("EfficientNet-B0, random", () => BenchmarkModels.Random("efficientnet_b0", 224), ["features.5.0.block.3.0"]),
        ("ConvNeXt-T, random", () => BenchmarkModels.Random("convnext_tiny", 224), ["features.5.4.block.5"]),
        ("ShuffleNetV2 x1.0, random", () => BenchmarkModels.Random("shufflenet_v2_x1_0", 224), ["stage3.3.branch2.5"]),
    ];

    public static void Run(string folder, int count, string part)
    {
        Console.WriteLine($"Robust: 128 px, {Recipe.Robust.Steps} steps, one filter, and a batch of {Batch}; Keras guide: 180 px, 30 steps;");
        Console.WriteLine("Lucent as published: 128 px enlarged to 224, the whole network, weights' gradients too, 512 steps. Milliseconds a step and");
        Console.WriteLine("picture; share: the step's convolutions per second, of what the best convolution reaches in the same minute.");
        Console.WriteLine();
        Console.WriteLine("| network | layer | Robust, ms | in a batch, ms | Keras guide, ms | Lucent, ms | guide ÷ batch, step | Lucent ÷ batch, step | picture | share |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|");
        var steps = new Dictionary<string, Times>();
        foreach ((string name, Func<CnnModel> load, string[] layers) in Models)
        {
            string[] chosen = [.. layers.Where(layer => layer.Contains(part, StringComparison.Ordinal))];
            using CnnModel? model = chosen.Length > 0 ? load() : null;
            foreach (string layer in chosen)
            {
                Times times = Measure(model!.GetLayer(layer));
                Print(name, layer, times);
                if (name == Models[0].Name)
                {
                    steps[layer] = times;
                }
            }
        }

        if (count == 0)
        {
            return;
        }

        Console.WriteLine();
        Console.WriteLine("| layer | steps to Lucent's quality, median | s | Lucent, s | ratio, median | least |");
        Console.WriteLine("|---|---|---|---|---|---|");
        using CnnModel googlenet = Models[0].Load();
        foreach (string layer in s_compared.Where(steps.ContainsKey))
        {
            Compare(googlenet.GetLayer(layer), folder, count, steps[layer]);
        }
    }

    private static Times Measure(CnnLayer layer)
    {
        Times best = new(double.MaxValue, double.MaxValue, double.MaxValue, double.MaxValue, 0);
        for (int round = 0; round < Rounds; round++)
        {
            double limit = ConvolutionWork.Limit();
            double alone = PlainAscent.Seconds(layer, OurSteps, 1);
            double together = PlainAscent.Seconds(layer, OurSteps, Batch);
            double guide = Seconds(() => new GuideRecipe(layer.GetFilter(0)).Run(GuideSteps)) / GuideSteps;
            double lucent = Seconds(() => new LucentRecipe(layer.GetFilter(0), 1, asPublished: true).Run(LucentSteps).Dispose()) / LucentSteps;
            double share = ConvolutionWork.OfStep(layer, Recipe.Robust.UsualSide!.Value) / together / Math.Max(limit, ConvolutionWork.Limit());
            best = new Times(
                Math.Min(best.Alone, alone),
                Math.Min(best.Together, together),
                Math.Min(best.Guide, guide),
                Math.Min(best.Lucent, lucent),
                Math.Max(best.Share, share));
        }

        return best;
    }

    private static void Print(string name, string layer, Times times) => Console.WriteLine(
        FormattableString.Invariant($"| {name} | {layer} | {times.Alone * 1e3:0.0} | {times.Together * 1e3:0.0} | {times.Guide * 1e3:0.0} | {times.Lucent * 1e3:0} | ")
        + FormattableString.Invariant($"{times.Guide / times.Together:0.0} | {times.Lucent / times.Together:0.0} | ")
        + FormattableString.Invariant($"{times.Lucent * LucentRecipe.Steps / times.Together / Recipe.Robust.Steps:0} | {times.Share:P0} |"));

    // After how many steps the saved picture holds as well as Lucent's does after all of its.
    private static void Compare(CnnLayer layer, string folder, int count, Times times)
    {
        var needed = new List<double>();
        foreach (int index in BenchmarkModels.Draw(layer.Filters, count))
        {
            CnnFilter filter = layer.GetFilter(index);
            (torch.Tensor published, _) = new SavedPictures(Path.Combine(folder, "Lucent")).Get(filter, () => FilterBenchmark.ByLucent(filter));
            using (published)
            {
                float aim = FilterFigures.Of(filter, published, (double)LucentRecipe.FedSize / LucentRecipe.Size).Robust;
                needed.Add(s_stops.Cast<int?>().FirstOrDefault(stop => RobustAfter(filter, stop!.Value) >= aim) ?? double.PositiveInfinity);
            }
        }

        double lucent = times.Lucent * LucentRecipe.Steps;
        double median = Figures.Median(needed);
        Console.WriteLine(
            FormattableString.Invariant($"| {layer.Name} | {median:0} | {median * times.Together:0.00} | {lucent:0} | ")
            + FormattableString.Invariant($"{lucent / (median * times.Together):0} | {lucent / (needed.Max() * times.Together):0} |"));
    }

    private static float RobustAfter(CnnFilter filter, int steps)
    {
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = steps } };
        using FilterImage image = new FilterAscent(filter.Layer, options).Run([filter.Index], null, default).Single();
        using torch.Tensor saved = (image.Tensor * 255).round() / 255;
        return FilterFigures.Of(filter, saved, 1).Robust;
    }

    private static double Seconds(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private sealed record Times(double Alone, double Together, double Guide, double Lucent, double Share);
}
