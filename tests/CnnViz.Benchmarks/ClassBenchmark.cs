using CnnViz.Activations;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Benchmarks;

/// <summary>
/// Pictures of ImageNet classes by GoogLeNet, by several recipes, and a photo of each class: whether GoogLeNet recognises them, and whether SqueezeNet does,
/// which never saw the ascent.
/// </summary>
internal static class ClassBenchmark
{
    private const string Photo = "photo";

    /// <param name="folder">Where pictures are kept, in a folder for each recipe.</param>
    /// <param name="count">How many classes.</param>
    /// <param name="draw">Which: each number draws others.</param>
    /// <param name="recipes">Names of recipes, or JSON; those that are published where there are none.</param>
    public static void Run(string folder, int count, int draw, string[] recipes)
    {
        using CnnModel model = BenchmarkModels.Load("googlenet");
        using CnnModel other = BenchmarkModels.Load("squeezenet1.1");
        CnnLayer classes = model.GetLayer("loss3/classifier");
        string[] photos = BenchmarkModels.ClassPhotos();
        int[] drawn = BenchmarkModels.Draw(classes.Filters, count, draw);
        Console.WriteLine("| recipe | first | of SqueezeNet | among its five | mean activation | seconds a picture |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Report(Photo, [.. drawn.Select(index => ReadPhoto(photos[index], model, other, index))]);
        foreach (string text in recipes.Length > 0 ? recipes : ["Robust", "Natural", "Reference"])
        {
            Recipe recipe = text.StartsWith('{') ? RecipeReader.Read(text, RecipePurpose.Classes) : Recipe.Get(text, RecipePurpose.Classes);
            var pictures = new SavedPictures(Path.Combine(folder, recipe.Name));
            Report(recipe.Name, [.. drawn.Select(index =>
            {
                Recipe own = recipe.References.Likeness == 0 ? recipe : recipe with
                {
                    References = recipe.References with { Pictures = new PictureList([photos[index]]) },
                };
                (torch.Tensor picture, double? seconds) = pictures.Get(
                    classes.GetFilter(index),
                    () => new FilterAscent(classes, new AscentOptions { Recipe = own }).Run([index], null, default).Single());
                using (picture)
                {
                    return Outcome.Of(picture, model, other, index) with { Seconds = seconds };
                }
            })]);
        }
    }

    private static Outcome ReadPhoto(string path, CnnModel model, CnnModel other, int index)
    {
        LayerShape shape = model.InputShape;
        using torch.Tensor photo = ImageFile.ToTensor([ImageFile.ReadCenter(path, shape.Channels, shape.Height, shape.Width)], shape)[0];
        return Outcome.Of(photo, model, other, index);
    }

    private static void Report(string name, Outcome[] outcomes)
    {
        string seconds = outcomes.Any(outcome => outcome.Seconds is not null) ? $"{outcomes.Average(outcome => outcome.Seconds):0.0}" : string.Empty;
        Console.WriteLine(
            $"| {name} | {Share(outcome => outcome.Rank == 1)} | {Share(outcome => outcome.OtherRank == 1)} | {Share(outcome => outcome.OtherRank <= 5)} "
            + $"| {outcomes.Average(outcome => outcome.Activation):0.0} | {seconds} |");

        string Share(Func<Outcome, bool> holds) => $"{outcomes.Count(holds)} of {outcomes.Length}";
    }

    private readonly record struct Outcome(int Rank, int OtherRank, double Activation, double? Seconds)
    {
        // The whole picture, at the size of the network's input.
        public static Outcome Of(torch.Tensor picture, CnnModel model, CnnModel other, int index)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using var noGradients = torch.no_grad();
            torch.Tensor own = Scores(model, "loss3/classifier", picture);
            torch.Tensor others = Scores(other, null, picture);
            return new Outcome(RankOf(own, index), RankOf(others, index), own[index].ToDouble(), null);
        }

        private static torch.Tensor Scores(CnnModel model, string? layer, torch.Tensor picture)
        {
            torch.Tensor image = picture.unsqueeze(0);
            long[] size = [model.InputShape.Height, model.InputShape.Width];
            torch.Tensor fed = image.shape[2] == size[0] && image.shape[3] == size[1]
                ? image
                : interpolate(image, size, mode: torch.InterpolationMode.Bilinear, align_corners: false);
            int node = layer is null ? model.Graph.Outputs[0] : model.GetLayer(layer).Node;
            return model.Graph.SubGraph(node).Run(model.Preprocessing.Apply(fed)).flatten();
        }

        private static int RankOf(torch.Tensor scores, int index) => 1 + (int)(scores > scores[index]).sum().ToInt64();
    }
}
