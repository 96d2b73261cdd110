using CnnViz.Activations;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Patterns.Drawing;
using CnnViz.Tests.Activations;
using Xunit.Abstractions;

namespace CnnViz.Tests.Patterns;

/// <summary>Two patterns side by side in one picture: what each class comes from is known.</summary>
public sealed class PatternAttributionTests(ITestOutputHelper output) : EngineTest
{
    private const int Side = 64;
    private const int Pairs = 20;

    [Theory]
    [InlineData(MapMethod.GradCam, 18)]
    [InlineData(MapMethod.Occlusion, 16)]
    public void Each_class_comes_from_its_own_side(MapMethod method, int least)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.png");
        using CnnModel model = ModelImporter.Import(Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx"), new ImportOptions());
        CnnLayer classifier = model.GetLayer("classifier");
        int right = 0;
        try
        {
            for (int pair = 0; pair < Pairs; pair++)
            {
                (int first, int second) = (pair, (pair + 7) % PatternCatalog.All.Count);
                TestPictures.Write(path, Side, Side, SideBySide(first, second, (ulong)pair));
                CnnFilter[] classes = [classifier.GetFilter(first), classifier.GetFilter(second)];
                var options = new AttributionOptions { Method = method, WindowSize = method == MapMethod.Occlusion ? 16 : null };
                IReadOnlyList<FilterMap> maps = new AttributionMeasurement(classes, options).Run([path], null, default).Single().Maps;
                (double left, double other) = (Column(maps[0]), Column(maps[1]));
                output.WriteLine($"{classes[0].ClassName} at {left:0.00}, {classes[1].ClassName} at {other:0.00}");
                right += left < other ? 1 : 0;
            }
        }
        finally
        {
            File.Delete(path);
        }

        Assert.True(right >= least, $"{right} of {Pairs} pairs are told apart.");
    }

    // Where the values above 0 have their centre, 0…1 from the left edge to the right one; the middle where there are none.
    private static double Column(FilterMap map)
    {
        float[,] values = map.GetValues();
        (double sum, double moment) = (1e-9, 0.5e-9);
        for (int row = 0; row < map.Rows; row++)
        {
            for (int column = 0; column < map.Columns; column++)
            {
                float value = Math.Max(values[row, column], 0);
                sum += value;
                moment += value * (column + 0.5) / map.Columns;
            }
        }

        return moment / sum;
    }

    // height × width × 3: the left half of one pattern, the right half of another one.
    private static byte[] SideBySide(int left, int right, ulong seed)
    {
        var painter = new PatternPainter(Side);
        float[][] pictures = [.. new[] { left, right }.Select((pattern, i) =>
        {
            var picture = new float[painter.PictureLength];
            painter.Paint(new PatternLabel(pattern, 0), new RandomSource(seed, (ulong)i), picture);
            return picture;
        })];
        return [.. Enumerable.Range(0, Side * Side).SelectMany(pixel => Enumerable.Range(0, 3).Select(channel =>
            (byte)MathF.Round(pictures[pixel % Side < Side / 2 ? 0 : 1][channel * Side * Side + pixel] * 255)))];
    }
}
