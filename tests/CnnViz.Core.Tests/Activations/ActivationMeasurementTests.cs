using CnnViz.Activations;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Activations;

public sealed class ActivationMeasurementTests : MeasurementTest
{
    [Theory]
    [InlineData("conv1")]
    [InlineData("conv1/relu")]
    [InlineData("conv2")]
    [InlineData("classifier")]
    public void Values_are_those_of_a_direct_computation(string name)
    {
        string[] paths = Noise(7);
        CnnLayer layer = Model.GetLayer(name);

        FilterActivation[] measured = Measure(Filters(name), paths);

        Assert.Equal(7 * layer.Filters, measured.Length);
        for (int i = 0; i < measured.Length; i++)
        {
            (int image, int filter) = (i / layer.Filters, i % layer.Filters);
            float[] map = Map(layer, TestPictures.WriteNoise(paths[image], 32, 32, image), filter);
            int place = Array.IndexOf(map, map.Max());
            Assert.Equal((paths[image], filter, name), (measured[i].Path, measured[i].Filter, measured[i].Layer));
            Assert.Equal(map.Average(), measured[i].Mean, 1e-5);
            Assert.Equal(map.Max(), measured[i].Max, 1e-5);
            int width = layer.OutputShape.Width;
            Assert.Equal(layer.OutputShape.IsMap ? new MapPosition(place / width, place % width) : null, measured[i].Position);
        }
    }

    [Fact]
    public void The_position_and_the_patch_are_where_the_spot_is()
    {
        TestPictures.WriteSpot(At("spot.png"), 32, 32, 10, 20, 255, 0, 0);
        CnnFilter[] filters = [Model.GetLayer("conv1").GetFilter(TinyModel.Red), Model.GetLayer("conv2").GetFilter(TinyModel.Red)];

        FilterActivation[] measured = Measure(filters, [At("spot.png")]);

        Assert.Equal(new MapPosition(10, 20), measured[0].Position);
        Assert.Equal(new ImagePatch(9, 19, 3, 3), measured[0].Patch);
        Assert.Equal(1f, measured[0].Max, 1e-6f);
        Assert.Equal(1f / (32 * 32), measured[0].Mean, 1e-6f);
        Assert.Equal(new MapPosition(5, 10), measured[1].Position);
        Assert.Equal(new ImagePatch(8, 18, 5, 5), measured[1].Patch);
        Assert.Equal(1f / 9, measured[1].Max, 1e-6f);
    }

    [Fact]
    public void A_patch_at_the_edge_ends_with_the_picture()
    {
        TestPictures.WriteSpot(At("spot.png"), 32, 32, 0, 31, 255, 255, 255);

        FilterActivation measured = Assert.Single(Measure([Model.GetLayer("conv1").GetFilter(TinyModel.Bright)], [At("spot.png")]));

        Assert.Equal(new ImagePatch(0, 30, 2, 2), measured.Patch);
    }

    [Fact]
    public void A_dense_layer_has_one_value_and_no_position()
    {
        FilterActivation[] measured = Measure(Filters("classifier"), Noise(2));

        Assert.Equal(6, measured.Length);
        Assert.All(measured, activation => Assert.Equal(activation.Max, activation.Mean));
        Assert.All(measured, activation => Assert.Null(activation.Position));
        Assert.All(measured, activation => Assert.Equal(new ImagePatch(0, 0, 32, 32), activation.Patch));
    }

    [Fact]
    public void Filters_come_image_by_image_then_layer_by_layer_in_the_order_in_which_they_are_given()
    {
        string[] paths = Noise(3);
        CnnLayer deep = Model.GetLayer("conv2");
        CnnLayer early = Model.GetLayer("conv1");

        FilterActivation[] measured = Measure([deep.GetFilter(2), early.GetFilter(7), deep.GetFilter(0)], paths, 2);

        Assert.Equal(
            paths.SelectMany(path => new[] { (path, "conv2", 2), (path, "conv2", 0), (path, "conv1", 7) }),
            measured.Select(activation => (activation.Path, activation.Layer, activation.Filter)));
        FilterActivation[] all = Measure(Filters("conv2", "conv1"), paths, 2);
        Assert.All(measured, activation =>
        {
            FilterActivation same = all.Single(
                other => (other.Path, other.Layer, other.Filter) == (activation.Path, activation.Layer, activation.Filter));
            Assert.Equal(same.Position, activation.Position);
            Assert.Equal(same.Max, activation.Max, 1e-5f);
            Assert.Equal(same.Mean, activation.Mean, 1e-5f);
        });
    }

    [Fact]
    public void An_image_does_not_depend_on_its_neighbours()
    {
        string[] paths = Noise(9);

        FilterActivation[] alone = Measure(Filters("conv1", "conv2", "classifier"), paths, 1);
        FilterActivation[] together = Measure(Filters("conv1", "conv2", "classifier"), paths, 7);

        Assert.Equal(alone.Select(activation => activation.Position), together.Select(activation => activation.Position));
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First.Mean, pair.Second.Mean, 1e-5f));
        Assert.All(alone.Zip(together), pair => Assert.Equal(pair.First.Max, pair.Second.Max, 1e-5f));
    }

    [Fact]
    public void A_picture_that_cannot_be_read_is_reported_in_its_place()
    {
        string[] paths = [.. Noise(2), At("tiny.onnx"), At("nowhere.png"), Noise(3)[2]];

        ImageActivations[] images = [.. new ActivationMeasurement(Filters("conv2"), 3).Run(paths, null, default)];

        Assert.Equal(paths, images.Select(image => image.Path));
        Assert.Equal([false, false, true, true, false], images.Select(image => image.Failure?.ErrorId == "PictureUnreadable"));
        Assert.Equal([3, 3, 0, 0, 3], images.Select(image => image.Activations.Count()));
    }

    [Fact]
    public void Several_images_that_become_one_are_refused()
    {
        using CnnModel mixing = ReaderTest.Load(OnnxText.Parse(11, "y = ReduceSum<axes=[0], keepdims=1>(x)", 1, 3, 8, 8));
        CnnFilter[] filters = [mixing.GetLayer("y").GetFilter(0)];
        string[] paths = Noise(2, 8);

        Assert.Equal("BatchRefused", Assert.Throws<CnnVizException>(() => Measure(filters, paths, 2)).ErrorId);
        Assert.Equal(2, Measure(filters, paths, 1).Length);
    }

    [Fact]
    public void Progress_counts_images()
    {
        var reports = new List<MeasurementProgress>();

        _ = new ActivationMeasurement(Filters("conv2"), 4).Run(Noise(10), new Reports(reports), default).Count();

        Assert.Equal([(0, 10), (4, 10), (8, 10)], reports.Select(report => (report.Done, report.Total)));
        Assert.Equal([true, false, false], reports.Select(report => report.Remaining is null));
    }

    [Fact]
    public void Three_hundred_images_leave_no_tensor_behind_and_take_no_more_than_ten()
    {
        var measurement = new ActivationMeasurement(Filters("conv1", "conv2", "classifier"), 4);
        var top = new TopActivations(2);
        string[] paths = Noise(300, 40);
        long before = NativeTensors.Settled();
        long early = Peak(paths[..10]);

        Assert.Equal(early, Peak(paths));

        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.Equal(2 * (8 + 3 + 3), top.Count);

        // Counted whenever a batch begins or an image comes out.
        long Peak(string[] some)
        {
            long peak = torch.Tensor.TotalCount;
            var reports = new Action<MeasurementProgress>(_ => peak = Math.Max(peak, torch.Tensor.TotalCount));
            foreach (ImageActivations image in measurement.Run(some, new Callback(reports), default))
            {
                top.Add(image);
                peak = Math.Max(peak, torch.Tensor.TotalCount);
            }

            return peak;
        }
    }

    [Fact]
    public void Cancelling_leaves_no_tensor_behind()
    {
        using var cancellation = new CancellationTokenSource();
        string[] paths = Noise(20);
        long before = NativeTensors.Settled();

        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (ImageActivations image in new ActivationMeasurement(Filters("conv1"), 5).Run(paths, null, cancellation.Token))
            {
                cancellation.Cancel();
            }
        });

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [SkippableTheory]
    [InlineData("prob")]
    [InlineData("loss3/classifier")]
    public void A_hot_dog_is_a_hot_dog(string layer)
    {
        string photo = TestFiles.Shared("photos", "hot_dog.jpg");
        using CnnModel model = ModelImporter.Import(TestFiles.Shared("models", "googlenet.onnx"), new ImportOptions
        {
            Preprocessing = Preprocessing.Caffe,
            ClassNames = ClassLists.ImageNet,
        });

        FilterActivation[] classes = Measure([.. model.GetLayer(layer).GetFilters()], [photo]);

        Assert.Equal("hot dog", classes.MaxBy(activation => activation.Max)!.ClassName);
    }

    private static float[] Map(CnnLayer layer, byte[] pixels, int filter)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor image = torch.tensor(pixels, [32, 32, 3]).permute(2, 0, 1).unsqueeze(0).to(torch.ScalarType.Float32) / 255;
        return layer.Model.Graph.SubGraph(layer.Node).Run(image)[0, filter].ToFloats();
    }

    private sealed class Reports(List<MeasurementProgress> all) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => all.Add(value);
    }

    private sealed class Callback(Action<MeasurementProgress> report) : IProgress<MeasurementProgress>
    {
        public void Report(MeasurementProgress value) => report(value);
    }
}
