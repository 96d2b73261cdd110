using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Patterns.Deceivers;
using CnnViz.Quality;
using CnnViz.Runtimes;

namespace CnnViz.Tests.Quality;

/// <summary>The built-in model, painted pictures as its nature, and a recipe that is fast.</summary>
public sealed class PatternNature : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz-").FullName;

    public PatternNature()
    {
        NativeLibraries.EnsureLoaded();
        Paths = PatternFolder.Write(_folder, 8);
        Model = ModelImporter.Import(ModelPath, new ImportOptions());
    }

    public static string ModelPath { get; } = Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx");

    public static Recipe Recipe { get; } = Recipe.Robust with { Steps = 48, Size = new(64, 64) };

    public IReadOnlyList<string> Paths { get; }

    public CnnModel Model { get; }

    public string At(string name) => Path.Combine(_folder, name);

    /// <summary>A meter that has seen nothing yet.</summary>
    public FilterImageMeter Meter(CnnModel? judge = null) => new(new NaturalImages(Paths), judge);

    /// <summary>Pictures of filters of a layer.</summary>
    public static FilterImage[] Climb(CnnModel model, string layer, int[] filters, long seed = 0, int count = 1) =>
        [.. new FilterAscent(model.GetLayer(layer), new AscentOptions { Recipe = Recipe, Seed = seed, Count = count }).Run(filters, null, default)];

    public void Dispose()
    {
        Model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
