using System.Globalization;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Benchmarks;

/// <summary>
/// Pictures by the default recipe of two filters in the middle and the last convolution of every model in a folder: whether they fire their
/// filter as much as any picture of one colour does, to a thousandth, and as grey noise.
/// </summary>
internal static class PlainBenchmark
{
    private static readonly int[] s_filters = [0, 3];
    private static readonly float[] s_levels = [0, 0.25f, 0.5f, 0.75f, 1];

    public static void Run(string folder)
    {
        (int all, int below, int without) = (0, 0, 0);
        Console.WriteLine("| model | filter | status | picture | best colour | grey noise | seconds |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
        {
            using CnnModel? model = TryImport(path);
            CnnLayer[] layers = [.. model?.Layers.Where(layer => layer.Kind.StartsWith("Conv", StringComparison.Ordinal)) ?? []];
            foreach (CnnLayer layer in layers.Length == 0 ? [] : new[] { layers[(layers.Length - 1) / 2], layers[^1] }.Distinct())
            {
                foreach (FilterImage image in Make(layer))
                {
                    using (image)
                    {
                        (float colour, float noise) = Compare(layer, image);
                        float best = Math.Max(colour, noise);
                        bool isBelow = image.HasSignal && !(image.Activation > best - 0.001f * Math.Abs(best));
                        all++;
                        below += isBelow ? 1 : 0;
                        without += image.HasSignal ? 0 : 1;
                        string rescue = image.Rescue == AscentRescue.None ? string.Empty : $", {image.Rescue}";
                        Console.WriteLine(string.Create(
                            CultureInfo.InvariantCulture,
                            $"| {Path.GetFileName(path)} | {image.Objective} | {image.Status}{rescue}{(isBelow ? " **below**" : string.Empty)} | {image.Activation:0.####} | {colour:0.####} | {noise:0.####} | {image.Elapsed.TotalSeconds:0.0} |"));
                    }
                }
            }
        }

        Console.WriteLine($"{all} pictures: {without} without signal, {below} that fire their filter less than a colour or grey noise does.");
    }

    /// <summary>A model; null where the file is none.</summary>
    public static CnnModel? TryImport(string path)
    {
        try
        {
            return ModelImporter.Import(path, new ImportOptions());
        }
        catch (CnnVizException)
        {
            return null;
        }
    }

    private static IEnumerable<FilterImage> Make(CnnLayer layer)
    {
        try
        {
            return [.. new FilterAscent(layer, new AscentOptions()).Run([.. s_filters.Where(filter => filter < layer.Filters)], null, default)];
        }
        catch (CnnVizException exception)
        {
            Console.WriteLine($"| {layer.Model.Name} | {layer.Name} | {exception.ErrorId} |||||");
            return [];
        }
    }

    private static (float Colour, float Noise) Compare(CnnLayer layer, FilterImage image)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        using var random = new torch.Generator(1);
        int channels = layer.Model.InputShape.Channels;
        IEnumerable<torch.Tensor> colours = channels <= 3
            ? torch.cartesian_prod([.. Enumerable.Repeat(torch.tensor(s_levels), channels)]).reshape(-1, channels, 1, 1).unbind()
            : s_levels.Select(level => torch.full([channels, 1, 1], level));
        torch.Tensor noise = torch.rand([1, image.Height, image.Width], generator: random) * 0.2f + 0.4f;
        return (colours.Max(Answer), Answer(noise));

        float Answer(torch.Tensor picture)
        {
            using DisposeScope inner = torch.NewDisposeScope();
            torch.Tensor full = picture.expand(channels, image.Height, image.Width).unsqueeze(0);
            torch.Tensor map = layer.Model.Graph.SubGraph(layer.Node).Run(layer.Model.Preprocessing.Apply(full));
            return map.select(1, image.Filter!.Value).mean().ToSingle();
        }
    }
}
