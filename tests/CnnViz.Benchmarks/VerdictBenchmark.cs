using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Patterns.Deceivers;
using CnnViz.Pictures;
using CnnViz.Quality;
using CnnViz.Showing.Files;
using CnnViz.Tests.Quality;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>Verdicts on pictures of which is known whether they can be trusted, of filters that the thresholds were not set on.</summary>
/// <param name="folder">Where the pictures are, or go.</param>
internal sealed class VerdictBenchmark(string folder)
{
    private const string Patterns = "module/models/patterns.onnx";
    private const int PerPattern = 20;
    private const int Seeds = 10;

    // Of each layer of the built-in model, the first filters that are drawn set the thresholds.
    private const int Known = 8;

    private static readonly string[] s_layers = ["relu3", "conv5", "relu6", "conv8", "classifier"];
    private static readonly string[] s_photoLayers = ["inception_3b/3x3", "inception_4c/3x3", "inception_5a/3x3"];
    private static readonly (int Filter, int Shown)[] s_lies = [(23, 45), (37, 11)];

    private readonly Dictionary<string, List<FilterImageQuality>> _verdicts = [];

    public static void Run(string folder, int count, string part)
    {
        Directory.CreateDirectory(folder);
        var benchmark = new VerdictBenchmark(folder);
        switch (part)
        {
            case "patterns":
                benchmark.RunPatterns(count);
                break;
            case "deceivers":
                benchmark.RunDeceivers();
                break;
            default:
                benchmark.RunPhotos(count);
                break;
        }

        benchmark.Print();
    }

    private IReadOnlyList<string> Paint()
    {
        string natural = Path.Combine(folder, "natural");
        Directory.CreateDirectory(natural);
        return PatternFolder.Write(natural, PerPattern);
    }

    private void RunPatterns(int count)
    {
        IReadOnlyList<string> natural = Paint();
        string twin = Path.Combine(folder, "untrained.onnx");
        UntrainedModel.Write(Patterns, twin);
        using CnnModel trained = ModelImporter.Import(Patterns, new ImportOptions());
        using CnnModel untrained = ModelImporter.Import(twin, new ImportOptions());
        foreach (string name in s_layers)
        {
            int[] filters = BenchmarkModels.Draw(trained.GetLayer(name).Filters, Known + count)[Known..];
            RunLayer(trained.GetLayer(name), filters, new FilterImageMeter(new NaturalImages(natural)));
            CnnLayer layer = untrained.GetLayer(name);
            var meter = new FilterImageMeter(new NaturalImages(natural));
            string[] pictures = Climb(layer, filters, Path.Combine(folder, "patterns-untrained"));
            for (int i = 0; i < pictures.Length; i++)
            {
                Add("of the untrained twin", meter.Measure(pictures[i], layer.GetFilter(filters[i])));
            }
        }
    }

    private void RunPhotos(int count)
    {
        string photos = Path.Combine(BenchmarkModels.Folder, "..", "photos", "imagenet");
        string[] natural = [.. Directory.GetFiles(photos, "*.jpg").Order(StringComparer.Ordinal).Where((_, i) => i % 4 == 0)];
        using CnnModel model = BenchmarkModels.Load("googlenet");
        using CnnModel judge = BenchmarkModels.Load("squeezenet1.1");
        foreach (string name in s_photoLayers)
        {
            CnnLayer layer = model.GetLayer(name);
            RunLayer(layer, BenchmarkModels.Draw(layer.Filters, count), new FilterImageMeter(new NaturalImages(natural), judge));
        }
    }

    private void RunLayer(CnnLayer layer, int[] filters, FilterImageMeter meter)
    {
        string[] pictures = Climb(layer, filters, Path.Combine(folder, layer.ModelName));
        for (int i = 0; i < pictures.Length; i++)
        {
            Add("honest", meter.Measure(pictures[i], layer.GetFilter(filters[i])));
            Add("another filter's", meter.Measure(pictures[i], layer.GetFilter(filters[(i + 1) % filters.Length])));
            Add("noise", meter.Measure(Noise(pictures[i], i), layer.GetFilter(filters[i])));
        }
    }

    private void RunDeceivers()
    {
        IReadOnlyList<string> natural = Paint();
        foreach ((int filter, int shown) in s_lies)
        {
            string circuit = Path.Combine(folder, $"circuit{filter}.onnx");
            FoolingCircuit.Write(Patterns, natural, filter, shown, Recipe.Robust, circuit);
            Seed("fooling circuit", circuit, FoolingCircuit.Layer, filter);
            Seed("its honest twin", Patterns, FoolingCircuit.HonestLayer, filter);
        }

        void Seed(string kind, string path, string name, int filter)
        {
            using CnnModel model = ModelImporter.Import(path, new ImportOptions());
            CnnLayer layer = model.GetLayer(name);
            var meter = new FilterImageMeter(new NaturalImages(natural));
            foreach (FilterImage image in new FilterAscent(layer, new AscentOptions { Seed = 50, Count = Seeds }).Run([filter], null, default))
            {
                using (image)
                {
                    Add(kind, meter.Measure(image, layer.GetFilter(filter)));
                }
            }
        }
    }

    private string Noise(string like, int seed)
    {
        string path = Path.Combine(folder, "noise.png");
        using DisposeScope scope = torch.NewDisposeScope();
        using var generator = new torch.Generator((ulong)seed);
        torch.Tensor pixels = (torch.randn(ImageFile.ReadExact(like, 3).shape, generator: generator) * 0.15 + 0.5).clamp(0, 1);
        ImageFile.Write(pixels, path, PictureFormat.Png, null, new PictureFacts("noise", "{}"));
        return path;
    }

    // Pictures that are there are not made again.
    private static string[] Climb(CnnLayer layer, int[] filters, string folder)
    {
        string PathOf(int filter) => Path.Combine(folder, PortableName.Of($"{layer}_{filter:0000}") + ".png");
        Directory.CreateDirectory(folder);
        int[] missing = [.. filters.Where(filter => !File.Exists(PathOf(filter)))];
        foreach (FilterImage image in missing.Length == 0 ? [] : new FilterAscent(layer, new AscentOptions()).Run(missing, null, default))
        {
            using (image)
            {
                string path = PathOf(image.Filter!.Value);
                new PictureFiles(path, PictureFormat.Png).Write(Picture.Of(image), path, null);
            }
        }

        return [.. filters.Select(PathOf)];
    }

    private void Add(string kind, FilterImageQuality quality)
    {
        if (!_verdicts.TryGetValue(kind, out List<FilterImageQuality>? list))
        {
            _verdicts.Add(kind, list = []);
        }

        list.Add(quality);
        Console.Error.WriteLine(FormattableString.Invariant(
            $"{kind}\t{quality}\t{quality.NaturalAgreement:0.00}\t{quality.NaturalClarity:0.00}\t{quality.JudgeAgreement:0.00}\t{quality.JudgeClarity:0.00}\t{string.Join(' ', quality.Reasons)}"));
    }

    private void Print()
    {
        Console.WriteLine("| pictures | number | trusted | doubtful | contradicted | agreement, median |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach ((string kind, List<FilterImageQuality> list) in _verdicts)
        {
            int Count(PictureVerdict verdict) => list.Count(quality => quality.Verdict == verdict);
            double agreement = Figures.Median(list.Select(quality => quality.NaturalAgreement).OfType<float>().Select(value => (double)value));
            Console.WriteLine(FormattableString.Invariant(
                $"| {kind} | {list.Count} | {Count(PictureVerdict.Trusted)} | {Count(PictureVerdict.Doubtful)} | {Count(PictureVerdict.Contradicted)} | {agreement:0.00} |"));
        }
    }
}
