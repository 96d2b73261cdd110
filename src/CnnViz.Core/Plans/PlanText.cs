using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CnnViz.Ascent;
using CnnViz.Pictures;

namespace CnnViz.Plans;

/// <summary>Plans as JSON, and back. Nothing in a file is trusted.</summary>
internal static class PlanText
{
    private const int Version = 1;
    private const long LargestFile = 64 << 20;

    // A report has a byte for each. A network of a hundred layers has 26,000 filters.
    private const long MostPictures = 1L << 24;

    private const int MostLayers = 100_000;
    private const int MostFilters = 1 << 20;
    private const int LongestText = 1 << 16;

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        MaxDepth = 16,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(namingPolicy: null, allowIntegerValues: false) },
    };

    /// <summary>The text of a plan, in UTF-8.</summary>
    public static byte[] Write(FilterPlan plan) => JsonSerializer.SerializeToUtf8Bytes(
        new Document
        {
            Format = Version,
            Model = plan.Model,
            Recipe = RecipeReader.ToJson(plan.Recipe),
            Seed = plan.Seed,
            Count = plan.Count,
            Minimize = plan.Minimize,
            PictureFormat = plan.Format,
            Layers = [.. plan.Layers.Select(layer => new Layer { Name = layer.Name, Filters = FilterRanges.Write(layer.Filters), Cost = layer.Cost })],
        },
        s_options);

    /// <summary>Reads a plan.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="CnnVizException">It is no plan, or says what cannot be (PlanInvalid).</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static FilterPlan Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            Check(file.Length <= LargestFile, $"it has {file.Length} bytes");
            return ToPlan(JsonSerializer.Deserialize<Document>(file, s_options) ?? throw new JsonException("it is empty"));
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException or InvalidOperationException)
        {
            throw Invalid(path, ForeignFailure.FirstLine(exception).TrimEnd('.'), exception);
        }
        catch (CnnVizException exception)
        {
            throw Invalid(path, exception.Message.TrimEnd('.'), exception);
        }
    }

    private static CnnVizException Invalid(string path, string reason, Exception cause) => new(
        "PlanInvalid", $"'{path}' is not a plan that can be used: {reason}.", "Make it again with New-FilterPlan.", cause) { Path = path };

    private static FilterPlan ToPlan(Document document)
    {
        Check(document.Format == Version, $"its format is {document.Format}, and this version of CnnViz reads format {Version}");
        Check(document is { Model: not null, Recipe: not null, Layers: not null }, "its model, recipe or layers are missing");
        CheckModel(document.Model);
        Check(document.Count is > 0 and <= 1 << 20, $"its count is {document.Count}");
        Check(document.Seed <= long.MaxValue - document.Count, $"its seed is {document.Seed}");
        Check(Enum.IsDefined(document.PictureFormat), "it has a format of pictures that is none");
        Check(document.Layers.Count is > 0 and <= MostLayers, $"it has {document.Layers.Count} layers");
        Recipe recipe = RecipeReader.Read(document.Recipe);
        CheckRecipe(recipe);
        var plan = new FilterPlan
        {
            Model = document.Model,
            Recipe = recipe,
            Seed = document.Seed,
            Count = document.Count,
            Minimize = document.Minimize,
            Format = document.PictureFormat,
            Layers = ToLayers(document),
        };
        Check(plan.Layers.Select(layer => layer.Name).Distinct(StringComparer.Ordinal).Count() == plan.Layers.Count, "it has a layer twice");
        return plan;
    }

    /// <summary>Throws where a plan has more pictures than one can have.</summary>
    /// <exception cref="CnnVizException">PlanTooLarge.</exception>
    public static void CheckSize(FilterPlan plan)
    {
        if (plan.Pictures > MostPictures)
        {
            throw new CnnVizException(
                "PlanTooLarge",
                string.Create(CultureInfo.InvariantCulture, $"A plan has at most {MostPictures:N0} pictures, and this one would have {plan.Pictures:N0}."),
                "Use a smaller -Count, or make a plan for each group of layers.");
        }
    }

    // Few bytes say many filters, so it ends with the first layer that goes too far.
    private static List<PlanLayer> ToLayers(Document document)
    {
        var layers = new List<PlanLayer>();
        long pictures = 0;
        foreach (PlanLayer layer in document.Layers!.Select(ToLayer))
        {
            pictures += (long)layer.Filters.Count * document.Count;
            Check(pictures <= MostPictures, $"it has more than {MostPictures} pictures");
            layers.Add(layer);
        }

        return layers;
    }

    /// <summary>Throws where pictures of a recipe cannot be told by what their files say.</summary>
    /// <exception cref="CnnVizException">PlanRecipeUnsuitable.</exception>
    public static void CheckRecipe(Recipe recipe)
    {
        RecipeRules.CheckIsNoDream(recipe);
        if (recipe.Spectrum is not null || recipe.References.Any)
        {
            throw new CnnVizException(
                "PlanRecipeUnsuitable", "A plan cannot have a recipe with pictures of its own (Spectrum, Reference): files do not say which ones they were.",
                "Leave -Spectrum and -Reference out.");
        }
    }

    private static PlanLayer ToLayer(Layer? layer)
    {
        Check(layer is { Name: not null, Filters: not null }, "it has a layer that is none");
        CheckText(layer.Name, "layer");
        Check(double.IsFinite(layer.Cost) && layer.Cost > 0, $"the cost of '{layer.Name}' is no positive number");
        IReadOnlyList<int>? filters = FilterRanges.TryRead(layer.Filters, MostFilters);
        Check(filters is { Count: > 0 }, $"the filters of '{layer.Name}' are no ascending ranges of numbers");
        return new PlanLayer { Name = layer.Name, Filters = filters, Cost = layer.Cost };
    }

    private static void CheckModel(PlanModel model)
    {
        CheckText(model.Name, "model");
        CheckText(model.Preprocessing, "preprocessing");
        Check(model.Path is { Length: <= LongestText }, "the path of its model is none");
        Check(model.Sha256 is { Length: 64 } && model.Sha256.All(char.IsAsciiHexDigitLower), "the SHA-256 of its model is none");
        Check(model.Architecture is null or { Length: > 0 and <= LongestText }, "the architecture of its model is none");
        Check(model.InputSize is null || (model.InputSize.Count == 2 && model.InputSize.All(side => side is > 0 and <= 65536)), "the input size of its model is none");
        Check(model.ClassNames is null || model.ClassNames.All(name => name is { Length: <= LongestText }), "it has a class name that is none");
        Check(model.Inputs is null || model.Inputs.Values.All(values => values is not null), "it has an input without values");
        if (model.GivenPreprocessing is { } given)
        {
            Check(given is { Name: not null, Mean.Count: > 0, Std.Count: > 0 }, "the preprocessing of its model is none");
            Check(given.Mean.Concat(given.Std).Append(given.Scale).All(float.IsFinite) && !given.Std.Contains(0), "its preprocessing has numbers that are none");
            Check(given.ToString() == model.Preprocessing, "its preprocessing in numbers is not that in words");
        }
    }

    private static void CheckText(string? text, string what) =>
        Check(text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl), $"the name of its {what} is none");

    private static void Check([DoesNotReturnIf(false)] bool isRight, string what)
    {
        if (!isRight)
        {
            throw new JsonException(what);
        }
    }

    private sealed record Document
    {
        public required int Format { get; init; }

        public required PlanModel Model { get; init; }

        public required JsonObject Recipe { get; init; }

        public required long Seed { get; init; }

        public required int Count { get; init; }

        public bool Minimize { get; init; }

        public PictureFormat PictureFormat { get; init; }

        public required IReadOnlyList<Layer> Layers { get; init; }
    }

    private sealed record Layer
    {
        public required string Name { get; init; }

        public required string Filters { get; init; }

        public required double Cost { get; init; }
    }
}
