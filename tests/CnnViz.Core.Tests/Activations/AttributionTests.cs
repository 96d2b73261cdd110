using CnnViz.Activations;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Activations;

/// <summary>Grad-CAM and occlusion against what is known of networks made for it, and against the formulas written out.</summary>
public sealed class AttributionTests : MeasurementTest
{
    private const int Side = 12;

    // Two maps of 12×12, and a dense unit that looks at the second map in the upper left corner, 3×3, and at nothing else.
    private static readonly float[] s_corner = [.. Enumerable.Range(0, 2 * Side * Side)
        .Select(i => i >= Side * Side && i % Side < 3 && i / Side % Side < 3 ? 1f : 0)];

    [Fact]
    public void Grad_cam_weighs_maps_by_their_mean_gradients()
    {
        using CnnModel model = Corner();
        byte[] pixels = TestPictures.WriteNoise(At("noise.png"), Side, Side, 3);

        FilterMap map = Assert.Single(Explain([model.GetLayer("y").GetFilter(0)], "noise.png", new AttributionOptions { MapLayer = "a" }));

        // The gradient is 1 at 9 of 144 positions of the second map, which is green as it is, and 0 at all others.
        float[] expected = [.. Enumerable.Range(0, Side * Side).Select(i => 9f / (Side * Side) * pixels[i * 3 + 1] / 255f)];
        AssertEqual(expected, map);
        Assert.Equal((MapMethod.GradCam, "a", "y", 0), (map.Method, map.MapLayer, map.Layer, map.Filter));
        float answer = Enumerable.Range(0, Side * Side).Where(i => i % Side < 3 && i / Side < 3).Sum(i => pixels[i * 3 + 1] / 255f);
        Assert.Equal(answer, map.Max, 1e-4f);
    }

    [Fact]
    public void Grad_cam_leaves_out_what_speaks_against_the_filter()
    {
        using CnnModel model = Corner();
        TestPictures.WriteNoise(At("noise.png"), Side, Side, 3);

        FilterMap map = Assert.Single(Explain([model.GetLayer("y").GetFilter(1)], "noise.png", new AttributionOptions { MapLayer = "a" }));

        Assert.False(map.HasSignal);
        Assert.Equal(0, map.Maximum);
    }

    [Theory]
    [InlineData("a = Conv<pads=[1,1,1,1]>(x, float[4,3,3,3]); b = Tanh(a); c = Conv<strides=[2,2]>(b, float[5,4,3,3]); d = Sigmoid(c); p = GlobalAveragePool(d); f = Flatten(p); y = Gemm(f, float[5,3])")]
    [InlineData("a = Tanh(x); b = Conv(a, float[4,3,3,3]); c = Conv(x, float[4,3,3,3]); d = Add(b, c); e = Tanh(d); p = GlobalAveragePool(e); f = Flatten(p); y = Gemm(f, float[4,3])")]
    [InlineData("a = Conv(x, float[4,3,3,3]); b = Tanh(a); y = Conv(b, float[3,4,5,5])")]
    public void Grad_cam_is_what_finite_differences_give(string statements)
    {
        using CnnModel model = ReaderTest.Load(OnnxText.Parse(13, statements, 1, 3, Side, Side));
        TestPictures.WriteNoise(At("noise.png"), Side, Side, 7);
        CnnLayer layer = model.GetLayer("y");

        FilterMap[] maps = Explain([.. layer.GetFilters()], "noise.png", new AttributionOptions { MapLayer = "a" });

        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor input = ImageFile.ToTensor([ImageFile.ReadCenter(At("noise.png"), 3, Side, Side)], model.InputShape);
        torch.Tensor a = model.Graph.SubGraph(model.GetLayer("a").Node).Run(input);
        var after = new SubGraph(model.Graph, [layer.Node], model.GetLayer("a").Node);
        float[] Answers(torch.Tensor values) => after.RunFrom(input, values, default).reshape(3, -1).mean([1]).ToFloats();
        for (int filter = 0; filter < 3; filter++)
        {
            torch.Tensor sum = torch.zeros_like(a[0, 0]);
            for (int channel = 0; channel < a.shape[1]; channel++)
            {
                const float step = 1e-2f;
                torch.Tensor change = torch.zeros_like(a);
                change.narrow(1, channel, 1).fill_(step);

                // All positions of the map together: the sum of the gradients.
                double slope = (Answers(a + change)[filter] - Answers(a - change)[filter]) / (2 * step);
                sum += a[0, channel] * (float)(slope / (a.shape[2] * a.shape[3]));
            }

            AssertEqual(sum.clamp_min(0).ToFloats(), maps[filter], 2e-4f);
        }
    }

    [Fact]
    public void Occlusion_is_the_fall_of_the_answer_for_each_place_of_the_square()
    {
        using CnnModel model = ReaderTest.Load(OnnxText.Parse(
            13, "a = Conv<pads=[1,1,1,1]>(x, float[4,3,3,3]); b = Relu(a); p = GlobalAveragePool(b); f = Flatten(p); y = Gemm(f, float[4,2])", 1, 3, Side, Side));
        byte[] pixels = TestPictures.WriteNoise(At("noise.png"), Side, Side, 5);
        var options = new AttributionOptions { Method = MapMethod.Occlusion, WindowSize = 5, Stride = 3, Baseline = 0.25, BatchSize = 4 };

        FilterMap[] maps = Explain([.. model.GetLayer("y").GetFilters()], "noise.png", options);

        // Starts are 0, 3, 6, 9; the last square is cut off by the image's edge.
        Assert.Equal((4, 4), (maps[0].Rows, maps[0].Columns));
        float[] whole = Answer(model, "y", [.. pixels.Select(value => value / 255f)]);
        for (int filter = 0; filter < 2; filter++)
        {
            float[] expected = [.. Enumerable.Range(0, 16).Select(place =>
            {
                float[] covered = [.. pixels.Select(value => value / 255f)];
                for (int row = place / 4 * 3; row < Math.Min(place / 4 * 3 + 5, Side); row++)
                {
                    for (int column = place % 4 * 3; column < Math.Min(place % 4 * 3 + 5, Side); column++)
                    {
                        covered.AsSpan((row * Side + column) * 3, 3).Fill(0.25f);
                    }
                }

                return whole[filter] - Answer(model, "y", covered)[filter];
            })];
            AssertEqual(expected, maps[filter]);
        }
    }

    [Fact]
    public void Occlusion_finds_the_corner_that_the_filter_looks_at()
    {
        using CnnModel model = Corner();
        TestPictures.Write(At("green.png"), Side, Side, [.. Enumerable.Range(0, Side * Side).SelectMany(_ => new byte[] { 0, 255, 0 })]);
        var options = new AttributionOptions { Method = MapMethod.Occlusion, WindowSize = 3, Stride = 1, Baseline = 0 };

        FilterMap map = Assert.Single(Explain([model.GetLayer("y").GetFilter(0)], "green.png", options));

        // As many of the corner's pixels as the square covers.
        float[,] values = map.GetValues();
        for (int row = 0; row < map.Rows; row++)
        {
            for (int column = 0; column < map.Columns; column++)
            {
                Assert.Equal(Math.Max(0, 3 - row) * Math.Max(0, 3 - column), values[row, column], 1e-4f);
            }
        }

        Assert.Equal(new MapGrid(1, 1, 1, 1), map.Grid);
    }

    [Theory]
    [InlineData(MapMethod.GradCam, "conv2")]
    [InlineData(MapMethod.Occlusion, null)]
    public void A_class_comes_from_where_its_colour_is(MapMethod method, string? mapLayer)
    {
        var pixels = new byte[32 * 32 * 3];
        foreach (int i in Enumerable.Range(0, 32 * 32).Where(i => i / 32 is >= 20 and < 28 && i % 32 is >= 4 and < 12))
        {
            pixels[i * 3] = 255;
        }

        TestPictures.Write(At("red.png"), 32, 32, pixels);

        FilterMap map = Assert.Single(Explain([Model.GetLayer("classifier").GetFilter(TinyModel.Red)], "red.png", new AttributionOptions { Method = method, Baseline = 0 }));

        // The centre of the mass.
        float[] spread = map.Grid.Spread([.. map.GetValues().Cast<float>()], map.Columns, 32, 32, 1);
        Assert.Equal(23.5, spread.Select((value, i) => value * (i / 32)).Sum() / spread.Sum(), 0.6);
        Assert.Equal(7.5, spread.Select((value, i) => value * (i % 32)).Sum() / spread.Sum(), 0.6);
        Assert.Equal(mapLayer, map.MapLayer);
    }

    [Fact]
    public void Without_a_class_it_is_the_one_that_the_network_answers_with()
    {
        TestPictures.Write(At("blue.png"), 32, 32, [.. Enumerable.Range(0, 32 * 32).SelectMany(_ => new byte[] { 0, 0, 200 })]);
        var measurement = new AttributionMeasurement([.. Model.GetLayer("classifier").GetFilters()], new AttributionOptions(), first: true);

        FilterMap map = Assert.Single(measurement.Run([At("blue.png")], null, default).Single().Maps);

        Assert.Equal(TinyModel.Blue, map.Filter);
    }

    [Theory]
    [InlineData("a = Conv(x, float[4,3,3,3]); b = Relu(a); p = MaxPool<kernel_shape=[2,2], strides=[2,2]>(b); f = Flatten(p); y = Gemm(f, float[100,3])", "b")]
    [InlineData("a = Relu(x); b = Conv(a, float[4,3,3,3]); c = Conv(a, float[4,3,3,3]); d = GlobalAveragePool(b); e = GlobalAveragePool(c); g = Concat<axis=1>(d, e); f = Flatten(g); y = Gemm(f, float[8,3])", "a")]
    public void Without_a_layer_it_is_the_last_one_with_maps_that_all_goes_through(string statements, string expected)
    {
        using CnnModel model = ReaderTest.Load(OnnxText.Parse(13, statements, 1, 3, Side, Side));
        TestPictures.WriteNoise(At("noise.png"), Side, Side, 1);

        Assert.Equal(expected, Explain([model.GetLayer("y").GetFilter(1)], "noise.png", new AttributionOptions())[0].MapLayer);
    }

    [Theory]
    [InlineData("pool", "NoMap")]
    [InlineData("broken", "LayerNotBefore")]
    [InlineData("classifier", "NoMap")]
    [InlineData("nowhere", "LayerNotFound")]
    public void A_layer_that_does_not_fit_is_an_error(string mapLayer, string id)
    {
        CnnFilter[] filters = [Model.GetLayer("classifier").GetFilter(0)];

        Assert.Equal(id, Assert.Throws<CnnVizException>(() => new AttributionMeasurement(filters, new AttributionOptions { MapLayer = mapLayer })).ErrorId);
    }

    [Fact]
    public void A_square_larger_than_the_image_is_an_error()
    {
        CnnFilter[] filters = [Model.GetLayer("classifier").GetFilter(0)];
        var options = new AttributionOptions { Method = MapMethod.Occlusion, WindowSize = 33 };

        Assert.Equal("WindowTooLarge", Assert.Throws<CnnVizException>(() => new AttributionMeasurement(filters, options)).ErrorId);
    }

    [Theory]
    [InlineData(MapMethod.GradCam)]
    [InlineData(MapMethod.Occlusion)]
    public void Photos_that_cannot_be_read_are_reported_and_no_tensor_stays(MapMethod method)
    {
        string[] paths = [.. Noise(2), At("tiny.onnx"), Noise(3)[2]];
        var measurement = new AttributionMeasurement(Filters("classifier"), new AttributionOptions { Method = method, Stride = 8 });
        _ = measurement.Run(paths[..1], null, default).Count();
        long before = NativeTensors.Settled();

        (string Path, IReadOnlyList<FilterMap> Maps, CnnVizException? Failure)[] images = [.. measurement.Run(paths, null, default)];

        Assert.Equal(paths, images.Select(image => image.Path));
        Assert.Equal([3, 3, 0, 3], images.Select(image => image.Maps.Count));
        Assert.Equal([null, null, "PictureUnreadable", null], images.Select(image => image.Failure?.ErrorId));
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [SkippableFact]
    public void The_last_maps_of_googlenet_are_those_of_its_last_block()
    {
        string photo = TestFiles.Shared("photos", "hot_dog.jpg");
        using CnnModel model = ModelImporter.Import(TestFiles.Shared("models", "googlenet.onnx"), new ImportOptions
        {
            Preprocessing = Preprocessing.Caffe,
            ClassNames = ClassLists.ImageNet,
        });
        CnnFilter[] units = [.. model.GetLayer("loss3/classifier").GetFilters()];

        FilterMap map = new AttributionMeasurement(units, new AttributionOptions(), first: true).Run([photo], null, default).Single().Maps[0];

        Assert.Equal(("hot dog", "inception_5b/output", 7), (map.ClassName, map.MapLayer, map.Rows));
        Assert.True(map.HasSignal);
    }

    private static CnnModel Corner()
    {
        float[] weights = new float[2 * Side * Side * 2];
        for (int i = 0; i < s_corner.Length; i++)
        {
            (weights[i * 2], weights[i * 2 + 1]) = (s_corner[i], -s_corner[i]);
        }

        return ReaderTest.Load(new OnnxModelBuilder()
            .Input("image", 1, 3, Side, Side)
            .Initializer(OnnxModelBuilder.Floats("k", [1, 0, 0, 0, 1, 0], 2, 3, 1, 1))
            .Initializer(OnnxModelBuilder.Floats("w", weights, 2 * Side * Side, 2))
            .Node("Conv", ["image", "k"], ["c"])
            .Node("Relu", ["c"], ["a"])
            .Node("Flatten", ["a"], ["f"])
            .Node("Gemm", ["f", "w"], ["y"])
            .Output("y")
            .Model);
    }

    private FilterMap[] Explain(IReadOnlyList<CnnFilter> filters, string photo, AttributionOptions options) =>
        [.. new AttributionMeasurement(filters, options).Run([At(photo)], null, default).SelectMany(image => image.Maps)];

    // pixels: height × width × 3, 0…1.
    private static float[] Answer(CnnModel model, string layer, float[] pixels)
    {
        using torch.Tensor image = torch.tensor(pixels, [1, Side, Side, 3]).permute(0, 3, 1, 2).contiguous();
        using torch.Tensor output = model.Graph.SubGraph(model.GetLayer(layer).Node).Run(image);
        return output.ToFloats();
    }

    private static void AssertEqual(float[] expected, FilterMap map, float tolerance = 1e-5f)
    {
        float[] values = [.. map.GetValues().Cast<float>()];
        Assert.Equal(expected.Length, values.Length);
        Assert.All(expected.Zip(values), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
