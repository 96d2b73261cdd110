using CnnViz.Ascent;
using Xunit.Abstractions;

namespace CnnViz.Tests.Patterns;

/// <summary>The pictures that maximize the classes of the built-in model, under measures that know nothing of it.</summary>
public sealed class ClassPictureMeasuresTests(ClassPictures pictures, ITestOutputHelper output) : IClassFixture<ClassPictures>
{
    [Fact]
    public void Pictures_of_stripes_show_what_their_name_says()
    {
        output.WriteLine($"{"pattern",-19}{"score",7}{"least",7}");
        var failed = new List<string>();
        foreach (FilterImage image in pictures.Patterns)
        {
            PatternMeasure measure = PatternMeasures.All[image.Filter];
            double score = measure.Score(image.Tensor);
            bool shown = score >= measure.Threshold;
            output.WriteLine($"{image.ClassName,-19}{score,7:0.00}{measure.Threshold,7:0.00}  {(shown ? "shown" : "-")}");
            if (!shown)
            {
                failed.Add(image.ClassName!);
            }
        }

        Assert.DoesNotContain(failed, name => name.EndsWith("-stripes", StringComparison.Ordinal));
    }
}
