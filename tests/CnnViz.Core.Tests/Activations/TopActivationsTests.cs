using CnnViz.Activations;
using CnnViz.Networks;

namespace CnnViz.Tests.Activations;

public sealed class TopActivationsTests : MeasurementTest
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void They_are_the_first_of_all_sorted(int count)
    {
        // Every third picture is there twice, so that there are ties.
        string[] paths = Noise(60);
        for (int i = 0; i + 30 < 60; i += 3)
        {
            File.Copy(paths[i], paths[i + 30], overwrite: true);
        }

        CnnFilter[] filters = Filters("conv1", "conv2", "classifier");

        var top = new TopActivations(count);
        foreach (ImageActivations image in new ActivationMeasurement(filters, 8).Run(paths, null, default))
        {
            top.Add(image);
        }

        FilterActivation[] sorted =
        [
            .. Measure(filters, paths, 8)
                .GroupBy(activation => (activation.Layer, activation.Filter))
                .SelectMany(group => group.OrderByDescending(activation => activation.Max).Take(count)),
        ];
        Assert.Equal(sorted, top.Best.Select(best => best.Activation));
        Assert.Equal(
            Enumerable.Repeat(Enumerable.Range(1, Math.Min(count, 60)), filters.Length).SelectMany(ranks => ranks),
            top.Best.Select(best => best.Rank));
    }

    [Fact]
    public void They_are_never_more_than_asked_for()
    {
        var top = new TopActivations(3);
        int most = 0;
        foreach (ImageActivations image in new ActivationMeasurement(Filters("conv1"), 8).Run(Noise(200), null, default))
        {
            top.Add(image);
            most = Math.Max(most, top.Count);
        }

        Assert.Equal(3 * 8, most);
    }

    [Fact]
    public void What_is_not_a_number_is_not_among_them()
    {
        var top = new TopActivations(3);
        foreach (ImageActivations image in new ActivationMeasurement(Filters("broken", "conv2"), 2).Run(Noise(4), null, default))
        {
            Assert.True(float.IsNaN(image.Activations.First().Max) || float.IsInfinity(image.Activations.First().Max));
            top.Add(image);
        }

        Assert.DoesNotContain(top.Best, best => float.IsNaN(best.Activation.Max));
        Assert.Equal(9, top.Best.Count(best => best.Activation.Layer == "conv2"));
    }

    [Fact]
    public void A_patch_is_the_part_of_the_picture_that_the_filter_saw()
    {
        TestPictures.WriteSpot(At("spot.png"), 32, 32, 10, 20, 255, 7, 9);
        FilterActivation activation = Assert.Single(Measure([Model.GetLayer("conv2").GetFilter(TinyModel.Red)], [At("spot.png")]));

        FilterPatch patch = FilterPatch.Read(activation, 1, Model);

        var expected = new byte[5 * 5 * 3];
        new byte[] { 255, 7, 9 }.CopyTo(expected, (2 * 5 + 2) * 3);
        Assert.Equal(expected, patch.Pixels);
        Assert.Equal("5×5", patch.Size);
        Assert.Equal((activation.Max, activation.Position, activation.Patch, 1), (patch.Max, patch.Position, patch.Patch, patch.Rank));
        Assert.Equal(Model.Sha256, patch.ModelSha256);
    }

    [Fact]
    public void A_patch_of_a_picture_that_is_gone_is_an_error()
    {
        FilterActivation activation = Measure(Filters("conv2"), Noise(1))[0];
        File.Delete(activation.Path);

        Assert.Equal("PictureUnreadable", Assert.Throws<CnnVizException>(() => FilterPatch.Read(activation, 1, Model)).ErrorId);
    }
}
