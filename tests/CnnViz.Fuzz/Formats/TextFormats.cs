using System.Text;
using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;
using CnnViz.Plans;
using CnnViz.Quality;
using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Fuzz;

/// <summary>Our own files: recipes, plans, facts of pictures, atlases; and lists of classes.</summary>
internal static class TextFormats
{
    private const string Sha256 = "fd889d86e16bf68317ff8b4f70bcb62c3124bb30d5d728f1e2ae46d9836eb836";

    private const string Picture = """
        {"recipe":"Robust","numbers":[{"name":"steps","value":"6"}],"seed":2,"minimized":false,"status":"StepLimit","rescue":"None","reason":null,"activation":0.5,"steps":6,"curve":[0.1,null,0.5],"stride":2,"height":24,"width":24,"parts":1,"border":0}
        """;

    private const string Atlas = """
        {"format":1,"title":"Filters","model":{"name":"patterns","sha256":"SHA","preprocessing":"Unit","format":"ONNX","input":"3×32×32","parameters":1000},"layers":[{"name":"conv1","kind":"Conv","index":1,"filters":8,"outputShape":"8×32×32","receptiveField":"3×3 / 1","reach":0.1},{"name":null}]}
        """;

    private const string Filters = """
        [{"number":3,"objective":null,"className":"cat","pictures":[PICTURE],"qualities":[],"statistics":null,"patches":[{"rank":1,"image":"a.png","max":0.5,"height":8,"width":8}]},{"number":4,"pictures":[],"qualities":[],"patches":[]}]
        """;

    private const string Ledger = """
        {"layer":"conv1","filter":0,"seed":0,"status":"StepLimit","rescue":"None","activation":1.5,"seconds":0.25,"time":"2026-01-02T03:04:05Z"}
        {"layer":"conv1","filter":1,"seed":0,"seconds":0.25,"error":"OutOfMemory: There is not enough memory."}
        """;

    private static string PictureFiles => Path.Combine(PictureFormats.Folder, "0.1.0");

    /// <summary>The formats.</summary>
    public static IReadOnlyList<FuzzFormat> All { get; } =
    [
        new("recipe", RecipeSeeds, folder => RecipeReader.Read(Text(folder, "recipe.json")).Name),
        new("plan", PlanSeeds, ReadPlan),
        new("facts", FactsSeeds, ReadFacts),
        new("atlas", AtlasSeeds, ReadAtlas),
        new("classes", () => [Seed("classes.txt", "n01440764 tench, Tinca tinca\n\n  goldfish\ncat\n")], folder => $"{ClassLists.Read(Path.Combine(folder, "classes.txt")).Count > 2}"),
    ];

    private static FuzzInput Seed(string name, string text) => new((name, Encoding.UTF8.GetBytes(text)));

    private static string Text(string folder, string name) => File.ReadAllText(Path.Combine(folder, name));

    private static IEnumerable<FuzzInput> RecipeSeeds() =>
    [
        .. Recipe.Published.Select(recipe => Seed("recipe.json", RecipeReader.ToJson(recipe).ToJsonString())),
        Seed("recipe.json", """{ "From": "Robust", "Decay": 1.1, "Zoom": [0.9, 1.1], "Size": [64, 48], "Steps": 10 }"""),
        Seed("recipe.json", """{ "From": { "From": "Natural" }, "Image": { "Decay": 1.1 }, "Rotation": 5 }"""),
    ];

    private static IEnumerable<FuzzInput> PlanSeeds()
    {
        var plan = new FilterPlan
        {
            Model = new PlanModel
            {
                Name = "patterns",
                Path = "/models/patterns.onnx",
                Sha256 = Sha256,
                Preprocessing = Preprocessing.Unit.ToString(),
                InputSize = [32, 32],
                ClassNames = ["cat", "dog"],
                Inputs = new Dictionary<string, float[]> { ["meta"] = [1, 2] },
            },
            Recipe = Recipe.Robust,
            Count = 2,
            Layers = [new PlanLayer { Name = "conv1", Filters = [0, 1, 2, 5], Cost = 0.5 }, new PlanLayer { Name = "conv2", Filters = [7], Cost = 1.5 }],
        };
        yield return new FuzzInput(("plan.json", PlanText.Write(plan)), ("ledgers/a.jsonl", Encoding.UTF8.GetBytes(Ledger)));
    }

    private static string ReadPlan(string folder)
    {
        PlanFolder plan = PlanFolder.Open(folder);
        FilterPlanState state = new PlanReport(plan).State();
        _ = PlanShares.All(plan.Plan, 3);
        return $"{plan.Plan.Layers.Count > 1} {state.Path is not null}";
    }

    private static IEnumerable<FuzzInput> FactsSeeds() => Directory.GetFiles(PictureFiles, "*.json").Order(StringComparer.Ordinal)
        .Where(path => !path.Contains("two-channels", StringComparison.Ordinal))
        .Select(path => new FuzzInput(("facts.json", File.ReadAllBytes(path))));

    // The text of a picture file, around the same pixels.
    private static string ReadFacts(string folder)
    {
        string text = Text(folder, "facts.json");
        string path = Path.Combine(folder, "facts.png");
        File.WriteAllBytes(path, ImageFile.ToFile(new PictureBytes(new byte[24 * 24 * 3], 24, 24, 3), PictureFormat.Png, null, new PictureFacts("facts", text)));
        SavedFacts saved = SavedFacts.Read(path);
        using FilterImage? blank = PlanFacts.TryRead(Path.Combine(folder, "facts.json")) is null ? null : PlanFacts.ReadBlank(Path.Combine(folder, "facts.json"));
        if (FactsText.Has(text, "rank") || FactsText.Has(text, "method"))
        {
            return saved.Model is null ? "nothing" : "patch";
        }

        using FilterImage image = FilterImageFile.Read(path);
        return $"{image.Recipe} {image.Status}"[..Math.Min(20, image.Recipe.Name.Length)];
    }

    private static IEnumerable<FuzzInput> AtlasSeeds()
    {
        string filters = Filters.Replace("PICTURE", Picture.Trim());
        string objectives = filters.Replace("\"number\":3,\"objective\":null", "\"objective\":\"classifier:0\"").Replace("\"number\":4,", "\"objective\":\"dream\",");
        yield return new FuzzInput(
            ("atlas.json", Encoding.UTF8.GetBytes(Atlas.Replace("SHA", Sha256))),
            ("filters.json", Encoding.UTF8.GetBytes(filters)),
            ("objectives.json", Encoding.UTF8.GetBytes(objectives)));
    }

    private static string ReadAtlas(string folder)
    {
        AtlasDocument document = AtlasJson.ReadDocument(Path.Combine(folder, "atlas.json"));
        IReadOnlyList<AtlasFilter> filters = AtlasJson.ReadFilters(Path.Combine(folder, "filters.json"), areObjectives: false);
        IReadOnlyList<AtlasFilter> objectives = AtlasJson.ReadFilters(Path.Combine(folder, "objectives.json"), areObjectives: true);
        foreach (AtlasFilter filter in filters.Concat(objectives))
        {
            _ = (filter.Key, filter.Title, filter.Main is { } main ? (filter.QualityOf(main), main.Key) : default);
        }

        return $"{document.Layers.Count > 1} {filters.Count > 1} {objectives.Count > 1}";
    }
}
