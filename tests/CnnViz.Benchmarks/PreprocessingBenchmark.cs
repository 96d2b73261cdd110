using System.Globalization;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Quality;

namespace CnnViz.Benchmarks;

/// <summary>What the check of preprocessings at import says of every model in a folder: of its own, and of each named one that is not its own.</summary>
internal static class PreprocessingBenchmark
{
    public static void Run(string folder)
    {
        Console.WriteLine("| model | own | known from | best | ahead by | named ones that are warned of |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            using CnnModel? model = PlainBenchmark.TryImport(path);
            if (model is null || PreprocessingCheck.Score(model) is not { Length: > 0 } scores)
            {
                continue;
            }

            (Preprocessing best, double most) = scores.MaxBy(pair => pair.Score);
            string[] warned = [.. scores.Skip(1).Where(pair => most - pair.Score >= PreprocessingCheck.ClearMargin)
                .Select(pair => string.Create(CultureInfo.InvariantCulture, $"{pair.Preprocessing.Name} {most - pair.Score:0.0}"))];
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {Path.GetFileName(path)} | {model.Preprocessing.Name} | {model.Preprocessing.Source} | {best.Name} | {most - scores[0].Score:0.00} | {string.Join(", ", warned)} |"));
        }
    }
}
