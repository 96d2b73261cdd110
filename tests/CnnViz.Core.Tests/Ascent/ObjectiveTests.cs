using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

/// <summary>What objectives compute of activations that are given, in double precision, without a network.</summary>
public sealed class ObjectiveTests : EngineTest, IDisposable
{
    private const int Images = 3;
    private const int Views = 2;
    private const string Photo = "/photo.png";

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
    private readonly DisposeScope _scope = torch.NewDisposeScope();
    private readonly CnnModel _model;
    private readonly CnnLayer _layer;
    private readonly torch.Tensor _values;
    private readonly torch.Tensor _photo;

    public ObjectiveTests()
    {
        TinyModel.Write(_path);
        _model = ModelImporter.Import(_path, new ImportOptions { Preprocessing = Preprocessing.Unit });
        _layer = _model.GetLayer("conv1");
        _values = Random(1);
        _photo = Random(2);
    }

    public void Dispose()
    {
        _scope.Dispose();
        _model.Dispose();
        File.Delete(_path);
    }

    public static TheoryData<string> Names => [.. s_objectives.Keys];

    private static readonly Dictionary<string, Func<CnnLayer, CnnObjective>> s_objectives = new()
    {
        ["filter"] = layer => layer.GetFilter(3),
        ["neuron"] = layer => new FilterObjective(layer.GetFilter(3), MapArea.Position(1, 2)),
        ["center"] = layer => new FilterObjective(layer.GetFilter(3), MapArea.Center),
        ["region"] = layer => new FilterObjective(layer.GetFilter(3), MapArea.Region(0.5, 0, 0.5, 0.4)),
        ["layer"] = layer => layer,
        ["direction"] = layer => new DirectionObjective(layer, Direction, 0, MapArea.Whole),
        ["direction and cosine"] = layer => new DirectionObjective(layer, Direction, 2, MapArea.Whole),
        ["probability"] = layer => new ProbabilityObjective(layer.GetFilter(2)),
        ["diversity"] = layer => new DiversityObjective(layer),
        ["caricature"] = layer => new CaricatureObjective(layer, Photo, 0),
        ["caricature and cosine"] = layer => new CaricatureObjective(layer, Photo, 2),
        ["likeness"] = layer => new LikenessObjective(layer, Photo),
        ["sum"] = layer => new LikenessObjective(layer, Photo) * 3 - (CnnObjective)layer.GetFilter(1) / 2 + layer,
    };

    private static float[] Direction => [1, 0, -2, 0.5f, 0, 0, 3, 1];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_is_that_of_the_value(string name)
    {
        CnnObjective objective = s_objectives[name](_layer);
        torch.Tensor values = _values.clone().requires_grad_();
        torch.Tensor gradient = torch.autograd.grad([Evaluate(objective, values)], [values])[0];
        foreach (ulong seed in new ulong[] { 11, 12, 13 })
        {
            torch.Tensor direction = Random(seed);
            const double step = 1e-5;
            double difference = (Evaluate(objective, _values + direction * step) - Evaluate(objective, _values - direction * step))
                .ToDouble() / (2 * step);

            Assert.Equal(difference, (gradient * direction).sum().ToDouble(), 1e-6 * Math.Max(1, Math.Abs(difference)));
        }
    }

    [Fact]
    public void A_filter_is_the_mean_of_its_map_and_a_neuron_one_value_of_it()
    {
        Assert.Equal(Own.select(1, 3).mean().ToDouble(), Value("filter"), 1e-12);
        Assert.Equal(Own[.., 3, 1, 2].mean().ToDouble(), Value("neuron"), 1e-12);
        Assert.Equal(Own[.., 3, 2, 2].mean().ToDouble(), Value("center"), 1e-12);
        Assert.Equal(Own.select(1, 3).slice(1, 2, 4, 1).slice(2, 0, 2, 1).mean().ToDouble(), Value("region"), 1e-12);
    }

    [Fact]
    public void A_layer_is_the_mean_of_its_squares() => Assert.Equal(Own.square().mean().ToDouble(), Value("layer"), 1e-12);

    [Fact]
    public void The_length_of_a_direction_does_not_matter_and_an_axis_is_a_filter()
    {
        float[] axis = [0, 0, 0, 7, 0, 0, 0, 0];
        var objective = new DirectionObjective(_layer, axis, 0, MapArea.Whole);

        Assert.Equal(Value("filter"), Evaluate(objective, _values).ToDouble(), 1e-9);
    }

    [Fact]
    public void The_power_of_the_cosine_favours_what_points_the_same_way()
    {
        // The same dot product, once along the direction and once with as much again across it.
        torch.Tensor along = torch.zeros([Images * Views, 8, 1, 1], torch.float64);
        along[.., 3, .., ..] = 2;
        torch.Tensor across = along.clone();
        across[.., 4, .., ..] = 2;
        float[] axis = [0, 0, 0, 1, 0, 0, 0, 0];
        var objective = new DirectionObjective(_layer, axis, 2, MapArea.Whole);

        Assert.Equal(2, Evaluate(objective, along).ToDouble(), 1e-6);
        Assert.Equal(1, Evaluate(objective, across).ToDouble(), 1e-6);
    }

    [Fact]
    public void Diversity_is_lowest_for_equal_images()
    {
        torch.Tensor equal = Own.repeat(Images, 1, 1, 1);

        Assert.Equal(-1, Evaluate(new DiversityObjective(_layer), equal).ToDouble(), 1e-9);
        Assert.True(Value("diversity") > -0.99);
    }

    [Fact]
    public void Pictures_that_are_to_differ_have_less_in_common_and_still_rise()
    {
        // Around grey, and without the filter whose constant all pictures have in common.
        using CnnModel model = ModelImporter.Import(_path, new ImportOptions { Preprocessing = Preprocessing.Symmetric });
        CnnLayer layer = model.GetLayer("conv1/relu");
        CnnObjective filter = layer.GetFilter(TinyModel.Mixture);
        (double alone, FilterImage[] apart) = Likeness(filter);
        (double together, FilterImage[] diverse) = Likeness(filter + new DiversityObjective(layer) * 5);

        Assert.True(together < 0.8 * alone, $"a cosine of {together} instead of {alone}");
        Assert.All(diverse, image => Assert.True(image.Activations[^1] > image.Activations[0]));
        Array.ForEach([.. apart, .. diverse], image => image.Dispose());

        // The cosine of the Gram matrices of two pictures' activations.
        (double Cosine, FilterImage[] Images) Likeness(CnnObjective objective)
        {
            Recipe recipe = Recipe.Robust with { Steps = 40, UsualSide = 32 };
            FilterImage[] images = [.. new ObjectiveAscent([objective], new AscentOptions { Recipe = recipe, Count = 2 }).Run(null, default)];
            torch.Tensor pictures = torch.stack([.. images.Select(image => image.Tensor)]);
            torch.Tensor values = model.Graph.SubGraph(layer.Node).Run(model.Preprocessing.Apply(pictures));
            torch.Tensor[] grams = [.. values.flatten(2).unbind().Select(map => map.matmul(map.t()))];
            return ((grams[0] * grams[1]).sum().ToDouble() / grams[0].norm().ToDouble() / grams[1].norm().ToDouble(), images);
        }
    }

    [Fact]
    public void A_caricature_of_the_picture_itself_is_the_length_of_its_activations()
    {
        torch.Tensor own = _photo.narrow(0, 0, Views).flatten(1);

        Assert.Equal(own.norm(1).mean().ToDouble(), Evaluate(s_objectives["caricature"](_layer), _photo).ToDouble(), 1e-6);
        Assert.Equal(own.norm(1).mean().ToDouble(), Evaluate(s_objectives["caricature and cosine"](_layer), _photo).ToDouble(), 1e-5);
    }

    [Fact]
    public void Nothing_is_more_like_a_picture_than_the_picture()
    {
        Assert.Equal(0, Evaluate(new LikenessObjective(_layer, Photo), _photo).ToDouble(), 1e-9);
        Assert.Equal(-1, Evaluate(new LikenessObjective(_layer, Photo), _photo * 0).ToDouble(), 1e-6);
    }

    [Fact]
    public void A_sum_says_what_it_is_made_of()
    {
        CnnObjective a = _layer.GetFilter(1);
        CnnObjective b = _layer.GetFilter(2);

        Assert.Equal("conv1:1 - 0.5 * conv1:2", (a + b * -0.5).ToString());
        Assert.Equal("-conv1:1 + 3 * conv1:2", (-(a - b * 3)).ToString());
        Assert.Equal("conv1:1[2,3]", new FilterObjective(_layer.GetFilter(1), MapArea.Position(2, 3)).ToString());
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Equal("DirectionMismatch", Refused(() => new DirectionObjective(_layer, [1, 2], 0, MapArea.Whole)));
        Assert.Equal("DirectionMismatch", Refused(() => new DirectionObjective(_layer, new float[8], 0, MapArea.Whole)));
        Assert.Equal("RegionOutOfMap", Refused(() => MapArea.Region(0.6, 0, 0.5, 1)));
        Assert.Equal("PositionOutOfMap", Refused(() => MapArea.Position(4, 0).Cut(_values)));
        using CnnModel other = ModelImporter.Import(_path, new ImportOptions { Preprocessing = Preprocessing.Unit });
        Assert.Equal("ObjectiveAcrossModels", Refused(() => (CnnObjective)_layer + other.GetLayer("conv1")));
    }

    private torch.Tensor Own => _values.narrow(0, 0, Views);

    private static string Refused(Func<object> make) => Assert.ThrowsAny<CnnVizException>(make).ErrorId;

    private double Value(string name) => Evaluate(s_objectives[name](_layer), _values).ToDouble();

    private torch.Tensor Evaluate(CnnObjective objective, torch.Tensor values)
    {
        var batch = new Dictionary<CnnLayer, torch.Tensor> { [_layer] = values };
        var photos = new Dictionary<string, IReadOnlyDictionary<CnnLayer, torch.Tensor>>
        {
            [Photo] = new Dictionary<CnnLayer, torch.Tensor> { [_layer] = _photo },
        };
        return objective.Evaluate(new CnnViz.Ascent.Activations(batch, photos, image: 0, Views)).mean();
    }

    private static torch.Tensor Random(ulong seed) =>
        torch.randn([Images * Views, 8, 4, 5], torch.float64, generator: new torch.Generator(seed));
}
