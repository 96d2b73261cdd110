using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Patterns.Deceivers;
using CnnViz.Quality;
using Xunit.Abstractions;

namespace CnnViz.Tests.Quality;

/// <summary>A filter whose pictures show what another filter responds to, while natural pictures get the values that they always got.</summary>
public sealed class FoolingCircuitTests(PatternNature nature, ITestOutputHelper output) : EngineTest, IClassFixture<PatternNature>
{
    private const int Filter = 23;
    private const int Shown = 45;
    private const int Seeds = 3;

    [Fact]
    public void Its_pictures_are_contradicted_and_those_of_its_honest_twin_are_not()
    {
        string path = nature.At("circuit.onnx");
        FoolingCircuit.Write(PatternNature.ModelPath, nature.Paths, Filter, Shown, PatternNature.Recipe, path);
        using CnnModel deceiver = ModelImporter.Import(path, new ImportOptions());

        FilterImageQuality[] lies = Measure(deceiver, FoolingCircuit.Layer);
        FilterImageQuality[] twins = Measure(nature.Model, FoolingCircuit.HonestLayer);

        // By activation alone, nothing is wrong with them.
        Assert.All(lies, quality => Assert.True(quality.Activation > 0 && quality.Retention > 0.8));
        Assert.All(lies, quality => Assert.Equal(PictureVerdict.Contradicted, quality.Verdict));
        Assert.All(twins, quality => Assert.NotEqual(PictureVerdict.Contradicted, quality.Verdict));
    }

    private FilterImageQuality[] Measure(CnnModel model, string layer)
    {
        FilterImageMeter meter = nature.Meter();
        CnnFilter filter = model.GetLayer(layer).GetFilter(Filter);
        return [.. PatternNature.Climb(model, layer, [Filter], seed: 50, count: Seeds).Select(image =>
        {
            using (image)
            {
                FilterImageQuality quality = meter.Measure(image, filter);
                output.WriteLine($"{quality}: agreement {quality.NaturalAgreement:0.00}, clarity {quality.NaturalClarity:0.00}; {string.Join(' ', quality.Reasons)}");
                return quality;
            }
        })];
    }
}
