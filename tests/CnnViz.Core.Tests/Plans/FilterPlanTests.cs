using System.Text;
using System.Text.Json.Nodes;
using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Plans;

namespace CnnViz.Tests.Plans;

/// <summary>Plans as files.</summary>
public sealed class FilterPlanTests : TinyModelTest
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.json");

    public override void Dispose()
    {
        base.Dispose();
        File.Delete(_file);
    }

    [Fact]
    public void A_plan_reads_as_it_was_written()
    {
        FilterPlan plan = Plan(Recipe.Natural with { Steps = 7, Tolerance = 0.1 }) with { Seed = -5, Count = 3, Minimize = true };

        plan.Write(_file);
        FilterPlan read = FilterPlan.Read(_file);

        Assert.Equal(plan.Recipe, read.Recipe);
        Assert.Equal((plan.Seed, plan.Count, plan.Minimize, plan.Format), (read.Seed, read.Count, read.Minimize, read.Format));
        Assert.Equal(plan.Layers.Select(layer => (layer.Name, layer.Cost)), read.Layers.Select(layer => (layer.Name, layer.Cost)));
        Assert.Equal([0, 1, 2, 5], read.Layers[0].Filters);
        Assert.True(read.IsSame(plan));
        Assert.Equal(PlanText.Write(plan), PlanText.Write(read with { Path = null }));
    }

    [Fact]
    public void Later_layers_cost_more()
    {
        FilterPlan plan = Plan(Recipe.Robust);

        Assert.True(plan.Layers[1].Cost > plan.Layers[0].Cost);
    }

    // The built-in model has a normalization behind each convolution, and both run as one.
    [Fact]
    public void The_cost_of_a_convolution_counts_where_it_runs_as_part_of_a_normalization()
    {
        using CnnModel model = ModelImporter.Import(Path.Combine(TestFiles.Root, "module", "models", "patterns.onnx"), new ImportOptions());
        Recipe recipe = Recipe.Robust with { Steps = 1, Size = new(model.InputShape.Width, model.InputShape.Height) };
        double CostOf(string layer) => PlanCost.Of(model.GetLayer(layer), new AscentOptions { Recipe = recipe }) * 1e9 / recipe.Views.Count;
        CnnLayer conv7 = model.GetLayer("conv7");
        double multiplications = (double)conv7.Parameters * conv7.OutputShape.Height * conv7.OutputShape.Width;

        Assert.InRange(CostOf("conv8") - CostOf("conv7"), multiplications, 2 * multiplications);
    }

    [Fact]
    public void Layers_of_two_models_are_no_plan()
    {
        var maker = new PlanMaker(new AscentOptions(), default);
        maker.Add(Model.Layers[0], [0]);
        using var other = new OtherModel();

        Assert.Equal("PlanModelsDiffer", Assert.Throws<CnnVizException>(() => maker.Add(other.Layer, [0])).ErrorId);
    }

    [Theory]
    [InlineData("format", "2")]
    [InlineData("model", "null")]
    [InlineData("model", "{}")]
    [InlineData("recipe", "null")]
    [InlineData("recipe", "{ \"Steps\": -1 }")]
    [InlineData("recipe", "{ \"Stepps\": 1 }")]
    [InlineData("recipe", "{ \"From\": \"DeepDream\" }")]
    [InlineData("recipe", "{ \"From\": \"Natural\", \"Spectrum\": [\"/etc/hostname\"] }")]
    [InlineData("seed", "9223372036854775807")]
    [InlineData("seed", "1e99")]
    [InlineData("count", "0")]
    [InlineData("count", "2000000000")]
    [InlineData("pictureFormat", "\"Exe\"")]
    [InlineData("pictureFormat", "77")]
    [InlineData("layers", "[]")]
    [InlineData("layers", "[null]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"3-1\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"0-1,1-2\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"0-2000000000\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"-1\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"0\", \"cost\": -1 }]")]
    [InlineData("layers", "[{ \"name\": \"conv1\", \"filters\": \"0\", \"cost\": 1e999 }]")]
    [InlineData("layers", "[{ \"name\": \"\", \"filters\": \"0\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"a\\u0000b\", \"filters\": \"0\", \"cost\": 1 }]")]
    [InlineData("layers", "[{ \"name\": \"a\", \"filters\": \"0\", \"cost\": 1 }, { \"name\": \"a\", \"filters\": \"1\", \"cost\": 1 }]")]
    [InlineData("layers", "7")]
    [InlineData("somethingElse", "1")]
    public void A_plan_that_cannot_be_is_one_error(string member, string value)
    {
        JsonObject plan = JsonNode.Parse(PlanText.Write(Plan(Recipe.Robust)))!.AsObject();
        string text = plan.ToJsonString();
        plan[member] = "VALUE";
        File.WriteAllText(_file, plan.ToJsonString().Replace("\"VALUE\"", value, StringComparison.Ordinal));

        CnnVizException error = Assert.Throws<CnnVizException>(() => FilterPlan.Read(_file));

        Assert.Equal("PlanInvalid", error.ErrorId);
        Assert.Equal(_file, error.Path);
        Assert.StartsWith($"'{_file}' is not a plan that can be used: ", error.Message);
        Assert.NotEmpty(text);
    }

    [Fact]
    public void No_damaged_plan_is_anything_but_a_plan_or_one_error()
    {
        byte[] whole = PlanText.Write(Plan(Recipe.Robust));
        var random = new Random(1);
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = [.. round % 2 == 0 ? whole : whole[..random.Next(whole.Length)]];
            for (int change = random.Next(4); change >= 0 && damaged.Length > 0; change--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(_file, damaged);
            if (Record.Exception(() => FilterPlan.Read(_file)) is { } exception)
            {
                Assert.Equal("PlanInvalid", Assert.IsType<CnnVizException>(exception).ErrorId);
            }
        }
    }

    [Fact]
    public void A_plan_of_another_model_or_of_layers_that_are_not_there_does_not_run()
    {
        FilterPlan plan = Plan(Recipe.Robust);
        FilterPlan other = plan with { Model = plan.Model with { Sha256 = new string('0', 64) } };
        FilterPlan without = plan with { Layers = [plan.Layers[0] with { Name = "conv9" }] };
        FilterPlan beyond = plan with { Layers = [plan.Layers[0] with { Filters = [0, 99] }] };

        Assert.Equal("PlanModelMismatch", Assert.Throws<CnnVizException>(() => other.Check(Model)).ErrorId);
        Assert.Equal("LayerNotFound", Assert.Throws<CnnVizException>(() => without.Check(Model)).ErrorId);
        Assert.Equal("FilterOutOfRange", Assert.Throws<CnnVizException>(() => beyond.Check(Model)).ErrorId);
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error() =>
        Assert.Equal("PathNotFound", Assert.Throws<CnnVizException>(() => FilterPlan.Read(_file)).ErrorId);

    [Theory]
    [InlineData("0", 0)]
    [InlineData("0-3,5,7-8", 0, 1, 2, 3, 5, 7, 8)]
    public void Ranges_of_filters_are_short_texts(string text, params int[] filters)
    {
        Assert.Equal(text, FilterRanges.Write(filters));
        Assert.Equal(filters, FilterRanges.TryRead(text, 100));
    }

    private FilterPlan Plan(Recipe recipe)
    {
        var maker = new PlanMaker(new AscentOptions { Recipe = recipe }, default);
        maker.Add(Model.GetLayer("conv1"), [5, 0, 2, 1, 1]);
        maker.Add(Model.GetLayer("conv2"), [0]);
        return maker.ToPlan();
    }

    private sealed class OtherModel : TinyModelTest
    {
        public CnnLayer Layer => Model.Layers[0];
    }
}
