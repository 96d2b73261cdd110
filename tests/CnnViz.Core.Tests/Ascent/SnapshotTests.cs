using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using CnnViz.Tests.Pictures;
using TorchSharp;

namespace CnnViz.Tests.Ascent;

public sealed class SnapshotTests : TinyModelTest
{
    [Theory]
    [InlineData(1, 5, new[] { 0, 1, 2, 3, 4, 5 })]
    [InlineData(2, 5, new[] { 0, 2, 4, 5 })]
    [InlineData(3, 6, new[] { 0, 3, 6 })]
    [InlineData(100, 4, new[] { 0, 4 })]
    public void Every_so_many_steps_are_kept_and_the_first_and_the_last(int every, int steps, int[] expected)
    {
        using FilterImage image = Climb(steps, every).Single();

        Assert.Equal(expected, image.Snapshots.Select(snapshot => snapshot.Step));
    }

    [Fact]
    public void Without_asking_there_are_none()
    {
        using FilterImage image = Climb(3, every: 0).Single();

        Assert.Empty(image.Snapshots);
    }

    [Theory]
    [InlineData("Robust")]
    [InlineData("Natural")]
    [InlineData("Classic")]
    public void The_picture_is_the_same_with_and_without(string recipe)
    {
        Recipe named = Recipe.Get(recipe);
        using FilterImage without = Climb(6, every: 0, recipe: named).Single();
        using FilterImage with = Climb(6, every: 2, recipe: named).Single();

        Assert.Equal(without.Tensor.ToFloats(), with.Tensor.ToFloats());
        Assert.Equal(without.Activations, with.Activations);
        Assert.Equal(without.Activation, with.Activation);
    }

    [Fact]
    public void Each_is_the_picture_that_as_many_steps_make()
    {
        // Steps of the recipe Classic do not depend on how many follow.
        using FilterImage whole = Climb(6, every: 2, recipe: Recipe.Classic).Single();
        using FilterImage shorter = Climb(4, every: 0, recipe: Recipe.Classic).Single();

        Assert.Equal(Saved(whole), Pixels(whole.Snapshots[^1]));
        Assert.Equal(whole.Activation, whole.Snapshots[^1].Activation);
        Assert.Equal(Saved(shorter), Pixels(whole.Snapshots[2]));
        Assert.Equal(shorter.Activation, whole.Snapshots[2].Activation);
    }

    [Fact]
    public void An_ascent_that_has_settled_keeps_no_more_whatever_its_neighbours_do()
    {
        // Stretched pictures are not held against single colours, so that none climbs twice.
        Recipe recipe = Recipe.Robust with
        {
            Steps = 200, UsualSide = 16, Tolerance = 0.02, Image = Recipe.Robust.Image with { Stretch = 1 },
        };
        int[] filters = [TinyModel.Red, TinyModel.Mixture, TinyModel.HorizontalStripes];
        FilterImage[] images = Climb(200, every: 8, recipe: recipe, filters: filters, batchSize: 3);

        FilterImage first = images.First(image => image.Status == AscentStatus.Converged);
        Assert.All(first.Snapshots.Zip(first.Snapshots.Skip(1)), pair => Assert.True(pair.First.Step < pair.Second.Step));
        Assert.Equal(Saved(first), Pixels(first.Snapshots[^1]));
        Assert.InRange(images.Select(image => image.Snapshots[^1].Step).Distinct().Count(), 2, 3);
        Array.ForEach(images, image => image.Dispose());
    }

    [Fact]
    public void A_rescued_picture_has_the_snapshots_of_its_own_ascent()
    {
        // Its gradient is zero behind the rectifier, so that the value before it is raised.
        using FilterImage image = new FilterAscent(Model.GetLayer("conv1/relu"), Options(4, 2, Recipe.Classic))
            .Run([TinyModel.Dead], null, default).Single();

        Assert.Equal(Saved(image), Pixels(image.Snapshots[^1]));
    }

    [Fact]
    public void Snapshots_leave_no_tensor_behind()
    {
        Climb(2, every: 1).Single().Dispose();
        long before = NativeTensors.Settled();

        FilterImage[] images = Climb(20, every: 1, filters: [0, 1, 2, 3], batchSize: 2);

        Assert.Equal(before + 2 * images.Length, torch.Tensor.TotalCount);
        Array.ForEach(images, image => image.Dispose());
        Assert.Equal(before, torch.Tensor.TotalCount);
        Assert.All(images, image => Assert.Empty(image.Snapshots));
    }

    [Fact]
    public void A_snapshot_does_not_print_its_bytes()
    {
        using FilterImage image = Climb(1, every: 1).Single();

        Assert.StartsWith("step 0 (activation ", image.Snapshots[0].ToString());
        byte[] mine = image.Snapshots[0].ToPng();
        mine[0] = 0;
        Assert.Equal(0x89, image.Snapshots[0].ToPng()[0]);
    }

    private FilterImage[] Climb(int steps, int every, Recipe? recipe = null, int[]? filters = null, int batchSize = 1) =>
    [
        .. new FilterAscent(Model.GetLayer("conv1"), Options(steps, every, recipe ?? Recipe.Robust) with { BatchSize = batchSize })
            .Run(filters ?? [TinyModel.Mixture], null, default),
    ];

    private static AscentOptions Options(int steps, int every, Recipe recipe) =>
        new() { Recipe = recipe with { Steps = steps, Size = new(14, 18) }, SnapshotEvery = every, Seed = 3 };

    private static byte[] Saved(FilterImage image)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        return [.. (image.Tensor * 255).round().to(torch.uint8).permute(1, 2, 0).contiguous().data<byte>()];
    }

    private static byte[] Pixels(FilterSnapshot snapshot) => TestPicture.Read(snapshot.ToPng()).Samples;
}
