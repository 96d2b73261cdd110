using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Activations;
using TorchSharp;

namespace CnnViz.Tests.Ascent.References;

public sealed class ReferenceAscentTests : TinyModelTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void With_likeness_alone_a_picture_gets_the_colours_of_the_photo()
    {
        WriteColour("blue.png", 20, 40, 230);
        using FilterImage image = Climb("conv2", 0, 1, 1, "blue.png");
        using FilterImage own = Climb("conv2", 0, 0, 1, "blue.png");

        (float red, float blue) = (MeanOf(image, 0), MeanOf(image, 2));
        Assert.True(blue > red + 0.05f, $"{red} red, {blue} blue");
        Assert.True(MeanOf(own, 0) > MeanOf(own, 2));
    }

    [Fact]
    public void Likeness_counts_its_share()
    {
        WriteColour("blue.png", 20, 40, 230);
        float[] activations = [.. new[] { 0, 0.5, 1 }.Select(likeness =>
        {
            using FilterImage image = Climb("conv2", 0, likeness, 1, "blue.png");
            return image.Activation;
        })];

        Assert.Equal(activations.OrderDescending(), activations);
        Assert.True(activations[0] > activations[1] && activations[1] > activations[2]);
    }

    [Fact]
    public void Of_several_photos_those_count_that_fire_the_filter_most()
    {
        WriteColour("blue.png", 20, 40, 230);
        WriteColour("red.png", 230, 40, 20);
        using FilterImage red = Climb("conv2", 0, 1, 0.5, "blue.png", "red.png");
        using FilterImage blue = Climb("conv2", 2, 1, 0.5, "blue.png", "red.png");
        using FilterImage only = Climb("conv2", 0, 1, 1, "red.png");

        Assert.True(MeanOf(red, 0) > MeanOf(red, 2) + 0.05f, $"{MeanOf(red, 0)} red, {MeanOf(red, 2)} blue");
        Assert.True(MeanOf(blue, 2) > MeanOf(blue, 0) + 0.05f, $"{MeanOf(blue, 0)} red, {MeanOf(blue, 2)} blue");
        Assert.Equal(only.Tensor.ToFloats(), red.Tensor.ToFloats());
    }

    [Fact]
    public void What_the_filter_sees_of_a_photo_counts_and_not_the_rest()
    {
        // Half of the photo is red, and half of it blue.
        byte[] pixels = [.. Enumerable.Range(0, 32 * 32).SelectMany(i => i % 32 < 16 ? new byte[] { 230, 40, 20 } : [20, 40, 230])];
        TestPictures.Write(At("halves.png"), 32, 32, pixels);
        using FilterImage red = Climb("conv1", TinyModel.Red, 1, 1, "halves.png");
        using FilterImage blue = Climb("conv1", TinyModel.Blue, 1, 1, "halves.png");

        Assert.True(MeanOf(red, 0) > MeanOf(red, 2) + 0.05f, $"{MeanOf(red, 0)} red, {MeanOf(red, 2)} blue");
        Assert.True(MeanOf(blue, 2) > MeanOf(blue, 0) + 0.05f, $"{MeanOf(blue, 0)} red, {MeanOf(blue, 2)} blue");
    }

    [Fact]
    public void A_picture_does_not_depend_on_its_batch()
    {
        WriteColour("blue.png", 20, 40, 230);
        AscentOptions options = Options(0.5, 1, "blue.png");
        FilterImage[] batch = [.. new FilterAscent(Model.GetLayer("conv2"), options).Run([0, 1, 2], null, default)];
        using FilterImage alone = new FilterAscent(Model.GetLayer("conv2"), options).Run([1], null, default).Single();

        Assert.Equal(alone.Tensor.ToFloats(), batch[1].Tensor.ToFloats());
        Array.ForEach(batch, image => image.Dispose());
    }

    [Fact]
    public void Classes_are_held_to_whole_photos()
    {
        WriteColour("blue.png", 20, 40, 230);
        using FilterImage image = Climb("classifier", 0, 0.9, 1, "blue.png");
        using FilterImage own = Climb("classifier", 0, 0, 1, "blue.png");

        Assert.True(MeanOf(image, 2) > MeanOf(own, 2) + 0.1f, $"{MeanOf(image, 2)}, {MeanOf(own, 2)} blue");
    }

    [Fact]
    public void Without_photos_there_is_nothing_to_resemble()
    {
        CnnVizException exception = Assert.Throws<CnnVizException>(
            () => new FilterAscent(Model.GetLayer("conv2"), new AscentOptions { Recipe = Recipe.Reference }).Run([0], null, default).First());
        CnnVizException gone = Assert.Throws<CnnVizException>(() => Climb("conv2", 0, 1, 1, "nowhere.png"));

        Assert.Equal(("NoReference", "PathNotFound"), (exception.ErrorId, gone.ErrorId));
    }

    [Fact]
    public void Files_tell_the_names_of_photos_and_nothing_of_folders()
    {
        WriteColour("blue.png", 20, 40, 230);
        using FilterImage image = Climb("conv2", 0, 0.5, 1, "blue.png");

        FilterImageFacts facts = FilterImageFacts.Of(image);

        Assert.Equal(At("blue.png"), image.Recipe.References.Pictures!.Single());
        Assert.Equal("1 pictures: blue.png", facts.References!.Pictures!.Single());
        Assert.Equal(0.5, facts.ToRecipe().References.Likeness);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private void WriteColour(string name, params byte[] colour) =>
        TestPictures.Write(At(name), 32, 32, [.. Enumerable.Repeat(colour, 32 * 32).SelectMany(pixel => pixel)]);

    private AscentOptions Options(double likeness, double share, params string[] photos) => new()
    {
        Recipe = Recipe.Reference with
        {
            Steps = 40,
            References = new() { Pictures = new PictureList(photos.Select(At)), Likeness = likeness, Share = share },
        },
    };

    private FilterImage Climb(string layer, int filter, double likeness, double share, params string[] photos) =>
        new FilterAscent(Model.GetLayer(layer), Options(likeness, share, photos)).Run([filter], null, default).Single();

    private static float MeanOf(FilterImage image, long channel)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return image.Tensor[channel].mean().ToSingle();
    }
}
