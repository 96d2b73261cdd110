using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Import;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class FilterAscentTests : TinyModelTest
{
    [Theory]
    [InlineData(TinyModel.Red, 0)]
    [InlineData(TinyModel.Green, 1)]
    [InlineData(TinyModel.Blue, 2)]
    public void The_detector_of_a_colour_gets_a_picture_of_that_colour(int filter, int channel)
    {
        using FilterImage image = Climb("conv1", filter);

        float[] means = image.Tensor.mean([1, 2]).ToFloats();
        Assert.Equal(channel, Array.IndexOf(means, means.Max()));
        Assert.True(means[channel] - means.Where((_, i) => i != channel).Max() > 0.2, string.Join(", ", means));
    }

    [Theory]
    [InlineData(TinyModel.HorizontalStripes, 1)]
    [InlineData(TinyModel.VerticalStripes, 2)]
    public void The_detector_of_stripes_gets_stripes_of_that_direction(int filter, int acrossDimension)
    {
        // Padding bends stripes only near the border, which is cut off.
        using FilterImage image = Climb("conv1/relu", filter, Classic(60));

        double across = image.Tensor.diff(1, acrossDimension).abs().mean().ToDouble();
        double along = image.Tensor.diff(1, 3 - acrossDimension).abs().mean().ToDouble();
        Assert.True(across > 1.5 * along, $"{across:0.000} across, {along:0.000} along");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_class_gets_a_picture_that_the_network_ranks_first(int unit)
    {
        using FilterImage image = Climb("classifier", unit);
        using DisposeScope scope = torch.NewDisposeScope();

        float[] scores = Model.Graph.SubGraph(Model.GetLayer("classifier").Node).Run(image.Tensor.unsqueeze(0)).ToFloats();

        Assert.Equal(unit, Array.IndexOf(scores, scores.Max()));
    }

    [Fact]
    public void The_activation_is_that_of_the_picture_as_saved()
    {
        using FilterImage image = Climb("conv2", 1);
        using DisposeScope scope = torch.NewDisposeScope();

        torch.Tensor saved = (image.Tensor * 255).round() / 255;
        float again = Model.Graph.SubGraph(Model.GetLayer("conv2").Node).Run(saved.unsqueeze(0))[0, 1].mean().ToSingle();

        Assert.Equal(again, image.Activation, 1e-5f);
        Assert.InRange(image.Tensor.min().ToSingle(), 0f, 1f);
        Assert.InRange(image.Tensor.max().ToSingle(), 0f, 1f);
    }

    [Fact]
    public void The_first_step_goes_along_the_gradient()
    {
        // The layer is linear in the image, so one step of size s along the RMS-normalized gradient g raises it by s · √N · |g|.
        const float StepSize = 0.01f;
        using FilterImage image = Climb("conv1", TinyModel.Red, new AscentOptions
        {
            Recipe = Recipe.Classic with
            {
                Steps = 2, Image = Recipe.Classic.Image with { Border = 0 }, Update = new() { StepSize = StepSize },
            },
        });

        double[] weights = [1, -0.5, -0.5];
        double gradient = Math.Sqrt(weights.Sum(weight => weight * weight) * 32 * 32) / (32 * 32);
        double expected = StepSize * Math.Sqrt(3 * 32 * 32) * gradient;
        Assert.Equal(expected, image.Activations[1] - image.Activations[0], expected * 1e-3);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void A_picture_does_not_depend_on_its_neighbours(int batchSize) =>
        CheckNeighbours(Model.GetLayer("conv1"), TinyModel.Mixture, new AscentOptions { Seed = 3, BatchSize = batchSize });

    [Theory]
    [InlineData(64, null)]
    [InlineData(64, 1)]
    [InlineData(64, 3)]
    [InlineData(40, null)]
    public void A_picture_is_the_same_to_the_bit_alone_and_in_a_batch(int size, int? threads)
    {
        CnnLayer layer = Model.GetLayer("conv1");
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = 6, Size = new(size, size) }, ThrottleLimit = threads };
        FilterImage[] together = [.. new FilterAscent(layer, options).Run([0, 1, 2], null, default)];
        foreach (FilterImage one in together)
        {
            using FilterImage alone = new FilterAscent(layer, options with { ThrottleLimit = 2 }).Run([one.Filter!.Value], null, default).Single();
            Assert.Equal(one.Tensor.ToFloats(), alone.Tensor.ToFloats());
            Assert.Equal(one.Activations, alone.Activations);
            one.Dispose();
        }
    }

    [SkippableTheory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_picture_of_a_deep_layer_does_not_depend_on_its_neighbours(int batchSize)
    {
        string path = TestFiles.Shared("models", "googlenet.onnx");
        using CnnModel model = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Caffe });
        CheckNeighbours(model.GetLayer("inception_4c/3x3"), 5, Classic(15, new(96, 96)) with { BatchSize = batchSize });
    }

    [Fact]
    public void Only_the_callers_thread_is_told_of_steps()
    {
        var threads = new HashSet<int>();
        var steps = new List<int>();
        var progress = new Callback<AscentProgress>(state =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            steps.Add(state.Step);
        });
        FilterImage[] images = [.. new FilterAscent(Model.GetLayer("conv1"), Classic(4)).Run([0, 1, 2, 3, 4], progress, default)];
        Array.ForEach(images, image => image.Dispose());

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Assert.Equal([0, 1, 2, 3, 4], steps);
        Assert.Equal([0, 1, 2, 3, 4], images.Select(image => image.Filter!.Value));
    }

    [Fact]
    public void A_picture_that_has_settled_is_done()
    {
        AscentOptions options = new AscentOptions { Recipe = Recipe.Robust with { Steps = 400, UsualSide = 32, Tolerance = 0.02 } };
        using FilterImage image = new FilterAscent(Model.GetLayer("conv1"), options).Run([TinyModel.Red], null, default).Single();

        Assert.Equal(AscentStatus.Converged, image.Status);
        Assert.InRange(image.Activations.Count, 32, 399);
        float[] last = [.. image.Activations.TakeLast(16)];
        float[] before = [.. image.Activations.SkipLast(16).TakeLast(16)];
        Assert.InRange(last.Average() - before.Average(), -float.MaxValue, 0.02f * last.Average());
        Assert.True(image.HasSignal);
    }

    [Fact]
    public void Little_memory_makes_the_same_pictures_one_by_one()
    {
        CnnLayer layer = Model.GetLayer("conv2");
        var options = Classic(5) with { MemoryLimit = 1, BatchSize = 4 };
        FilterImage[] images = [.. new FilterAscent(layer, options).Run([0, 1], null, default)];

        Assert.Equal([0, 1], images.Select(image => image.Filter!.Value));
        Assert.All(images, image => Assert.True(image.HasSignal));
        Array.ForEach(images, image => image.Dispose());
    }

    [Fact]
    public void Eight_climb_at_once_fewer_where_they_are_large_and_one_where_libtorch_runs_a_part()
    {
        Assert.Equal(8, FirstBatch(Model.GetLayer("conv1"), new(16, 16)));
        Assert.InRange(FirstBatch(Model.GetLayer("conv1"), new(256, 256)), 1, 7);
        using CnnModel without = ReaderTest.Load(OnnxText.Parse(13, "a = Sin(x); b = Conv(a, float[5,3,3,3])", 1, 3, 8, 8));
        Assert.Equal(1, FirstBatch(without.Layers[^1], new(16, 16)));

        int FirstBatch(CnnLayer layer, PictureSize? size)
        {
            int done = 0;
            var watch = new Callback<AscentProgress>(progress => done = done == 0 ? progress.Done : done);
            var ascent = new FilterAscent(layer, Classic(1, size));
            foreach (FilterImage image in ascent.Run([.. Enumerable.Range(0, 9).Select(i => i % 2)], watch, default))
            {
                image.Dispose();
            }

            return done;
        }
    }

    [Fact]
    public void The_seed_decides_and_so_does_the_filter()
    {
        using FilterImage first = Climb("conv1", TinyModel.Mixture, new AscentOptions { Seed = 1 });
        using FilterImage again = Climb("conv1", TinyModel.Mixture, new AscentOptions { Seed = 1 });
        using FilterImage other = Climb("conv1", TinyModel.Mixture, new AscentOptions { Seed = 2 });

        Assert.Equal(first.Tensor.ToFloats(), again.Tensor.ToFloats());
        Assert.NotEqual(first.Tensor.ToFloats(), other.Tensor.ToFloats());
    }

    [Fact]
    public void Five_hundred_pictures_leave_no_tensor_behind()
    {
        CnnLayer layer = Model.GetLayer("conv1");
        var options = Classic(2, new(16, 16)) with { BatchSize = 5 };
        int[] filters = [.. Enumerable.Range(0, 500).Select(i => i % 8)];
        Climb("conv1", 0, options).Dispose();
        long before = NativeTensors.Settled();

        int pictures = 0;
        foreach (FilterImage image in new FilterAscent(layer, options).Run(filters, null, default))
        {
            image.Dispose();
            pictures++;
        }

        Assert.Equal(500, pictures);
        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Cancelling_leaves_no_tensor_behind()
    {
        using var cancellation = new CancellationTokenSource();
        long before = NativeTensors.Settled();

        var stopAtThree = new Callback<AscentProgress>(progress => cancellation.CancelAfter(progress.Step >= 3 ? 0 : -1));
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new FilterAscent(Model.GetLayer("conv1"), Classic(100_000)).Run([0], stopAtThree, cancellation.Token).ToArray());

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void A_model_that_is_disposed_meanwhile_stays_until_the_batch_is_done()
    {
        var options = Classic(3) with { BatchSize = 1 };
        var dispose = new Callback<AscentProgress>(_ => Model.Dispose());

        using IEnumerator<FilterImage> images = new FilterAscent(Model.GetLayer("conv1"), options).Run([0, 1], dispose, default).GetEnumerator();

        Assert.True(images.MoveNext());
        images.Current.Dispose();
        CnnVizException exception = Assert.Throws<CnnVizException>(() => images.MoveNext());
        Assert.Equal("ModelDisposed", exception.ErrorId);
    }

    [Fact]
    public void A_layer_that_takes_one_size_only_gets_it_and_refuses_others()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        DenseModel.Write(path, size: 24);
        try
        {
            using CnnModel dense = ModelImporter.Import(path, new ImportOptions { Preprocessing = Preprocessing.Unit });
            CnnLayer layer = dense.GetLayer("dense");

            using FilterImage image = new FilterAscent(layer, Classic(1)).Run([0], null, default).Single();
            Assert.Equal("24×24", image.Size);
            Assert.Equal(0, image.Border);
            ImageSizeException exception = Assert.Throws<ImageSizeException>(
                () => new FilterAscent(layer, new AscentOptions { Recipe = Recipe.Robust with { Size = new(20, 20) } }).Run([0], null, default));
            Assert.Contains("24×24", exception.Message);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData(GradientNormalization.L2, 5)]
    [InlineData(GradientNormalization.Rms, 2.5)]
    [InlineData(GradientNormalization.MeanAbsolute, 1.75)]
    [InlineData(GradientNormalization.Std, 1.7853571)]
    [InlineData(GradientNormalization.None, 1)]
    public void Magnitudes_are_taken_image_by_image_and_survive_tiny_gradients(GradientNormalization normalization, double expected)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor gradient = torch.tensor(new[] { 3f, 4f, 0f, 0f }).reshape(1, 1, 2, 2);

        float[] magnitudes = GradientScale.Magnitudes(torch.cat([gradient, gradient * 1e-25f]), normalization);

        Assert.Equal(expected, magnitudes[0], 1e-5);
        Assert.Equal(normalization == GradientNormalization.None ? 1 : expected * 1e-25, magnitudes[1], Math.Abs(magnitudes[1]) * 1e-4);
    }

    private static AscentOptions Classic(int steps = 30, PictureSize? size = null) =>
        new() { Recipe = Recipe.Classic with { Steps = steps, Size = size } };

    private FilterImage Climb(string layer, int filter, AscentOptions? options = null) =>
        new FilterAscent(Model.GetLayer(layer), options ?? Classic()).Run([filter], null, default).Single();

    // Alone, and as the last of several.
    private static void CheckNeighbours(CnnLayer layer, int filter, AscentOptions options)
    {
        using FilterImage alone = new FilterAscent(layer, options).Run([filter], null, default).Single();
        FilterImage[] several = [.. new FilterAscent(layer, options).Run([0, 1, 2, filter], null, default)];

        double psnr = Psnr(alone, several[^1]);

        Array.ForEach(several, image => image.Dispose());
        Assert.True(psnr > 40, $"{psnr:0.0} dB");
    }

    private static double Psnr(FilterImage a, FilterImage b)
    {
        double error = (a.Tensor - b.Tensor).square().mean().ToDouble();
        return error == 0 ? double.PositiveInfinity : -10 * Math.Log10(error);
    }

    private sealed class Callback<T>(Action<T> action) : IProgress<T>
    {
        public void Report(T value) => action(value);
    }
}
