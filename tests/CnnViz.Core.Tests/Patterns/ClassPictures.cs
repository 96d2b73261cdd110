using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using CnnViz.Runtimes;

namespace CnnViz.Tests.Patterns;

/// <summary>The built-in model, and the pictures that maximize its classes, made once for all tests.</summary>
public sealed class ClassPictures : IDisposable
{
    private readonly Lazy<FilterImage[]> _patterns;
    private readonly Lazy<FilterImage[]> _hues;

    public ClassPictures()
    {
        NativeLibraries.EnsureLoaded();
        Model = ModelImporter.Import(Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx"), new ImportOptions());
        _patterns = new(() => Maximize("classifier"));
        _hues = new(() => Maximize("colour"));
    }

    public CnnModel Model { get; }

    /// <summary>A picture of each pattern.</summary>
    public IReadOnlyList<FilterImage> Patterns => _patterns.Value;

    /// <summary>A picture of each hue.</summary>
    public IReadOnlyList<FilterImage> Hues => _hues.Value;

    public void Dispose()
    {
        foreach (FilterImage image in new[] { _patterns, _hues }.Where(images => images.IsValueCreated).SelectMany(images => images.Value))
        {
            image.Dispose();
        }

        Model.Dispose();
    }

    // Classes hold at many scales, and so views may differ more than for a filter.
    private FilterImage[] Maximize(string layer)
    {
        var options = new AscentOptions
        {
            Recipe = Recipe.Robust with
            {
                Steps = 96,
                Size = new(128, 128),
                Views = Recipe.Robust.Views with { MinZoom = 0.7, MaxZoom = 1.4, Jitter = 0.15 },
                Update = new() { Rule = UpdateRule.Adam, StepSize = 0.1f },
            },
            BatchSize = 4,
        };
        CnnLayer classes = Model.GetLayer(layer);
        return [.. new FilterAscent(classes, options).Run([.. Enumerable.Range(0, classes.Filters)], null, default)];
    }
}
