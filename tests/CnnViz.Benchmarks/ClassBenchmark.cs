using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Benchmarks;

/// <summary>Pictures of ImageNet classes by GoogLeNet: whether it recognises them, and whether SqueezeNet does, which never saw the ascent.</summary>
internal static class ClassBenchmark
{
    public static void Run(string folder, int count)
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        using CnnModel other = BenchmarkModels.Load("squeezenet1.1");
        CnnLayer classes = model.GetLayer("loss3/classifier");
        var pictures = new SavedPictures(folder);
        int first = 0, otherFirst = 0, otherFifth = 0, done = 0;
        Console.WriteLine("| class | rank | SqueezeNet's rank |");
        Console.WriteLine("|---|---|---|");
        foreach (int index in BenchmarkModels.Draw(classes.Filters, count))
        {
            CnnFilter filter = classes.GetFilter(index);
            (torch.Tensor picture, _) = pictures.Get(
                filter, () => new FilterAscent(classes, new AscentOptions { Recipe = Recipe.RobustClass }).Run([index], null, default).Single());
            using (picture)
            {
                int rank = RankOf(model, picture, index);
                int otherRank = RankOf(other, picture, index);
                Console.WriteLine($"| {filter.ClassName} | {rank} | {otherRank} |");
                done++;
                first += rank == 1 ? 1 : 0;
                otherFirst += otherRank == 1 ? 1 : 0;
                otherFifth += otherRank <= 5 ? 1 : 0;
            }
        }

        Console.WriteLine();
        Console.WriteLine($"Of {done}: first {first}; first of SqueezeNet {otherFirst}, among its first five {otherFifth}.");
    }

    // The whole picture, at the size of the network's input.
    private static int RankOf(CnnModel model, torch.Tensor picture, int index)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor image = picture.unsqueeze(0);
        long[] size = [model.InputShape.Height, model.InputShape.Width];
        torch.Tensor fed = image.shape[2] == size[0] && image.shape[3] == size[1]
            ? image
            : interpolate(image, size, mode: torch.InterpolationMode.Bilinear, align_corners: false);
        torch.Tensor scores = model.Graph.SubGraph(model.Graph.Outputs[0]).Run(model.Preprocessing.Apply(fed)).flatten();
        return 1 + (int)(scores > scores[index]).sum().ToInt64();
    }
}
