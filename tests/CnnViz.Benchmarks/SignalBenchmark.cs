using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>
/// Short ascents of every filter of GoogLeNet's convolutions: how they end, and whether a picture without signal is passed off as a success.
/// </summary>
internal static class SignalBenchmark
{
    private const int Steps = 16;
    private const int Size = 96;
    private const int Batch = 16;

    // Grey to the eye: less deviation than two of 255 levels.
    private const float LeastContrast = 2f / 255;

    public static void Run()
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = Steps, Size = new(Size, Size) }, BatchSize = Batch };
        var ends = new SortedDictionary<string, int>();
        int all = 0, grey = 0, notAbove = 0;
        foreach (CnnLayer layer in model.Layers.Where(layer => layer.Kind == "Conv2d"))
        {
            using var start = new FlatPictures(layer, Size);
            foreach (FilterImage image in new FilterAscent(layer, options).Run([.. Enumerable.Range(0, layer.Filters)], null, default))
            {
                using (image)
                {
                    string end = image.Rescue == AscentRescue.None ? $"{image.Status}" : $"{image.Status}, {image.Rescue}";
                    ends[end] = ends.GetValueOrDefault(end) + 1;
                    all++;
                    if (image.HasSignal)
                    {
                        grey += image.Tensor.std().ToSingle() < LeastContrast ? 1 : 0;
                        notAbove += image.Activation > start.Best(image.Filter!.Value) ? 0 : 1;
                    }
                }
            }

            Console.Error.WriteLine($"{layer.Name}: {all} done");
        }

        Console.WriteLine($"{all} filters, {Steps} steps at {Size} px:");
        foreach ((string end, int count) in ends)
        {
            Console.WriteLine($"- {end}: {count}");
        }

        Console.WriteLine($"Of the successes {grey} are grey, and {notAbove} do not fire their filter more than any picture of one colour does.");
    }

    /// <summary>What a layer's filters make of pictures of one colour.</summary>
    private sealed class FlatPictures : IDisposable
    {
        private static readonly float[] s_levels = [0, 0.5f, 1];

        private readonly torch.Tensor _best;

        public FlatPictures(CnnLayer layer, int size)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            torch.Tensor colors = torch.cartesian_prod([.. Enumerable.Repeat(torch.tensor(s_levels), layer.Model.InputShape.Channels)]);
            torch.Tensor pictures = colors.reshape(colors.shape[0], colors.shape[1], 1, 1).expand(-1, -1, size, size);
            torch.Tensor maps = layer.Model.Graph.SubGraph(layer.Node).Run(layer.Model.Preprocessing.Apply(pictures));
            _best = maps.mean([2, 3]).amax([0]).DetachFromDisposeScope();
        }

        public float Best(int filter) => _best[filter].ToSingle();

        public void Dispose() => _best.Dispose();
    }
}
