using CnnViz.Ascent;
using CnnViz.Import;
using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Showing.Files;
using CnnViz.Tests.Import;
using SixLabors.ImageSharp.Formats.Jpeg;
using SixLabors.ImageSharp.Metadata.Profiles.Exif;
using SixLabors.ImageSharp;
using TorchSharp;

namespace CnnViz.Tests.Ascent.Dreams;

public sealed class DeepDreamTests : DreamTest
{
    [Theory]
    [InlineData(61, 47)]
    [InlineData(32, 32)]
    [InlineData(5, 3)]
    [InlineData(1, 1)]
    [InlineData(200, 9)]
    public void A_dream_has_the_size_of_its_photo(int height, int width)
    {
        using FilterImage dream = Dream(Photo(height, width), Layer("conv2"), Quick);

        Assert.Equal((height, width), (dream.Height, dream.Width));
        Assert.True(dream.Tensor.isfinite().all().item<bool>());
        Assert.InRange(dream.Tensor.min().ToSingle(), 0f, 1f);
        Assert.InRange(dream.Tensor.max().ToSingle(), 0f, 1f);
    }

    [Fact]
    public void The_layer_answers_more_strongly_and_the_facts_say_so()
    {
        string photo = Photo(60, 80);
        using FilterImage dream = Dream(photo, Layer("conv2"), seed: 5);
        using DisposeScope scope = torch.NewDisposeScope();

        float before = MeanSquare(Read(photo));
        float after = MeanSquare((dream.Tensor * 255).round() / 255);
        Assert.True(after > 2 * before, $"{before} to {after}");
        Assert.Equal(after, dream.Activation, after * 0.1f);
        Assert.Equal(4 * 10, dream.Activations.Count);
        Assert.Equal(
            (AscentStatus.StepLimit, "conv2", "conv2", (int?)null, photo, 5L),
            (dream.Status, dream.Objective, dream.Layer, dream.Filter, dream.InitialImage, dream.Seed));
        Assert.Equal((4, 4), (dream.Recipe.Dream!.Octaves, dream.Recipe.Dream.Jitter));
    }

    [Fact]
    public void The_seed_decides_where_the_tiles_lie()
    {
        string photo = Photo(40, 50);
        float[] Values(long seed)
        {
            using FilterImage dream = Dream(photo, Layer("conv2"), Tiled, seed);
            return dream.Tensor.ToFloats();
        }

        float[] first = Values(1);
        Assert.Equal(first, Values(1));
        Assert.NotEqual(first, Values(2));
    }

    [Fact]
    public void At_little_strength_the_photo_is_still_there_with_its_detail()
    {
        string photo = Photo(64, 64);
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor original = Read(photo);
        double Change(float strength)
        {
            using FilterImage dream = Dream(photo, Layer("conv2"), recipe =>
                recipe with { Update = recipe.Update with { StepSize = strength * recipe.Update.StepSize } });
            return (dream.Tensor - original).abs().mean().ToDouble();
        }

        Assert.InRange(Change(0.05f), 0.0005, 0.015);
        Assert.True(Change(1) > 5 * Change(0.05f));
    }

    [Fact]
    public void Where_nothing_is_dreamt_the_photo_keeps_its_own_pixels()
    {
        string photo = Photo(64, 64);
        var corner = new LayerObjective(Layer("conv2"), MapArea.Region(0, 0, 0.25, 0.25));
        using FilterImage dream = Dream(photo, corner);
        using DisposeScope scope = torch.NewDisposeScope();

        torch.Tensor change = (dream.Tensor - Read(photo)).abs();
        Assert.True(change.narrow(1, 0, 12).narrow(2, 0, 12).mean().ToDouble() > 0.02);
        Assert.Equal(0, change.narrow(1, 36, 28).max().ToDouble());
        Assert.Equal(0, change.narrow(2, 36, 28).max().ToDouble());
    }

    [Fact]
    public void A_photo_that_was_taken_sideways_comes_out_upright()
    {
        using (Image image = Image.Load(Photo(30, 50)))
        {
            image.Metadata.ExifProfile = new ExifProfile();
            image.Metadata.ExifProfile.SetValue(ExifTag.Orientation, (ushort)6);
            image.Save(At("sideways.jpg"), new JpegEncoder { Quality = 100 });
        }

        using FilterImage dream = Dream(At("sideways.jpg"), Layer("conv2"), recipe =>
            recipe with { Steps = 1, Update = recipe.Update with { StepSize = 1e-4f }, Dream = recipe.Dream! with { Octaves = 1 } });
        using DisposeScope scope = torch.NewDisposeScope();

        Assert.Equal((50, 30), (dream.Height, dream.Width));
        torch.Tensor turned = Read(At("photo.png")).rot90(-1, (1, 2));
        Assert.True((dream.Tensor - turned).abs().mean().ToDouble() < 0.02);
        new PictureFiles(At("out.jpg"), null).Write(Picture.Of(dream), At("out.jpg"), 90);
        using Image written = Image.Load(At("out.jpg"));
        Assert.Equal((30, 50), (written.Width, written.Height));
        Assert.Null(written.Metadata.ExifProfile!.GetValue(ExifTag.Orientation));
    }

    [Fact]
    public void One_filter_guides_the_dream()
    {
        string photo = Photo(40, 40);
        using FilterImage dream = Dream(photo, Layer("conv1").GetFilter(TinyModel.Red));
        using DisposeScope scope = torch.NewDisposeScope();

        torch.Tensor gain = (dream.Tensor - Read(photo)).mean([1, 2]);
        Assert.True(gain[0].ToSingle() > 0.1 && gain[1].ToSingle() < 0 && gain[2].ToSingle() < 0);
        Assert.Equal((TinyModel.Red, "conv1:0"), (dream.Filter, dream.Objective));
    }

    [Fact]
    public void A_network_of_one_channel_dreams_in_grey()
    {
        OnnxModelBuilder builder = new OnnxModelBuilder().Input("image", 1, 1, 16, 16)
            .Initializer(OnnxModelBuilder.Floats("weight", [0, -1, 0, -1, 4, -1, 0, -1, 0], 1, 1, 3, 3))
            .Node("Conv", ["image", "weight"], ["conv"], ("pads", new long[] { 1, 1, 1, 1 }))
            .Output("conv");
        File.WriteAllBytes(At("grey.onnx"), builder.ToBytes());
        using CnnModel model = ModelImporter.Import(At("grey.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });
        string photo = Photo(40, 31);

        using FilterImage dream = Dream(photo, model.GetLayer("conv"), Quick);

        Assert.Equal([1, 40, 31], dream.Tensor.shape);
        Assert.True(dream.Activation > dream.Activations[0]);
    }

    [Theory]
    [InlineData(70, 45)]
    [InlineData(8, 8)]
    [InlineData(5, 20)]
    public void A_layer_of_one_size_dreams_in_tiles_of_that_size(int height, int width)
    {
        DenseModel.Write(At("dense.onnx"), 8);
        using CnnModel model = ModelImporter.Import(At("dense.onnx"), new ImportOptions { Preprocessing = Preprocessing.Unit });

        using FilterImage dream = Dream(Photo(height, width), model.GetLayer("dense").GetFilter(1), Quick);

        Assert.Equal((height, width, 8), (dream.Height, dream.Width, dream.Recipe.Dream!.TileSize));
        Assert.Equal(AscentStatus.StepLimit, dream.Status);
        ImageSizeException refused = Assert.Throws<ImageSizeException>(() => Dream(
            Photo(40, 40), model.GetLayer("dense"), recipe => recipe with { Dream = recipe.Dream! with { TileSize = 16 } }));
        Assert.Equal("TileSizeRefused", refused.ErrorId);
    }

    [Fact]
    public void A_filter_that_nothing_moves_is_no_dream()
    {
        using FilterImage dream = Dream(Photo(20, 20), Layer("conv1/relu").GetFilter(TinyModel.Dead), Quick);

        Assert.Equal((AscentStatus.Dead, false), (dream.Status, dream.HasSignal));
    }

    [Fact]
    public void An_objective_that_looks_at_a_part_needs_a_photo_in_one_piece()
    {
        var corner = new LayerObjective(Layer("conv2"), MapArea.Region(0, 0, 0.5, 0.5));
        CnnVizException exception = Assert.Throws<CnnVizException>(() => Dream(Photo(80, 20), 2 * (CnnObjective)corner, Tiled));

        Assert.Equal("ObjectiveCutApart", exception.ErrorId);
    }

    [Fact]
    public void A_likeness_to_the_photo_holds_the_dream_back()
    {
        string photo = Photo(60, 60);
        using DisposeScope scope = torch.NewDisposeScope();
        double Change(CnnObjective objective)
        {
            using FilterImage dream = Dream(photo, objective, Tiled);
            return (dream.Tensor - Read(photo)).abs().mean().ToDouble();
        }

        CnnObjective red = Layer("conv1").GetFilter(TinyModel.Red);
        Assert.True(Change(red + 100 * new LikenessObjective(Layer("conv1"), photo)) < 0.5 * Change(red));
    }

    [Fact]
    public void Dreams_leave_no_tensor_behind_whether_they_end_or_are_cancelled()
    {
        string photo = Photo(50, 50);
        Dream(photo, Layer("conv2"), Tiled).Dispose();
        long before = NativeTensors.Settled();

        Dream(photo, Layer("conv2"), Tiled).Dispose();
        using var cancellation = new CancellationTokenSource();
        var progress = new Counter(() => cancellation.Cancel());
        Assert.Throws<OperationCanceledException>(() => new DeepDream(Layer("conv2"), Tiled(Recipe.DeepDream), 0)
            .Run(photo, progress, cancellation.Token));

        Assert.Equal(before, torch.Tensor.TotalCount);
    }

    [Fact]
    public void Progress_rises_to_its_end()
    {
        var seen = new List<DreamProgress>();
        new DeepDream(Layer("conv2"), Tiled(Recipe.DeepDream), 0).Run(Photo(50, 50), new Counter(seen.Add), default).Dispose();

        Assert.Equal(seen.Select(report => report.Fraction).Order(), seen.Select(report => report.Fraction));
        Assert.Equal(1, seen[^1].Fraction, 1e-9);
        Assert.Equal((2, 2, 3, 3), (seen[^1].Octave, seen[^1].Octaves, seen[^1].Step, seen[^1].Steps));
        Assert.All(seen, report => Assert.True(report.Remaining >= TimeSpan.Zero));
    }

    private static Recipe Tiled(Recipe recipe) =>
        recipe with { Steps = 3, Dream = recipe.Dream! with { Octaves = 2, TileSize = 24 } };

    private float MeanSquare(torch.Tensor picture) =>
        Model.Graph.SubGraph(Layer("conv2").Node).Run(picture.unsqueeze(0)).square().mean().ToSingle();

    private sealed class Counter(Action<DreamProgress> report) : IProgress<DreamProgress>
    {
        public Counter(Action report)
            : this(_ => report())
        {
        }

        public void Report(DreamProgress value) => report(value);
    }
}
