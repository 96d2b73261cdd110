using CnnViz.Activations;
using CnnViz.Networks;

namespace CnnViz.Tests.Activations;

public sealed class FilterMeasurementTests : MeasurementTest
{
    [Fact]
    public void Sums_are_those_of_single_images()
    {
        string[] paths = Noise(11);
        FilterActivation[] single = Measure(Filters("conv1"), paths);

        foreach (FilterStatistics filter in Statistics(Filters("conv1"), paths))
        {
            FilterActivation[] own = [.. single.Where(activation => activation.Filter == filter.Filter)];
            Assert.Equal(11, filter.Photos);
            Assert.Equal(own.Average(activation => activation.Mean), filter.Mean!.Value, 1e-5);
            Assert.Equal(own.Max(activation => activation.Max), filter.Max);
            Assert.Equal(own.MaxBy(activation => activation.Max)!.Path, filter.MaxImage);
            Assert.Equal(own.Count(activation => activation.Max <= 0) / 11.0, filter.DeadShare);
        }
    }

    [Fact]
    public void A_dead_filter_is_dead_in_all_photos_and_like_no_other()
    {
        FilterStatistics dead = Statistics(Filters("conv1"), Noise(5))[TinyModel.Dead];

        Assert.Equal((1, 1), (dead.DeadShare, dead.Sparsity));
        Assert.Null(dead.Nearest);
        Assert.Null(dead.Correlation);
        Assert.Null(dead.Clarity);
    }

    [Fact]
    public void The_nearest_filter_is_that_of_the_largest_correlation()
    {
        string[] paths = Noise(40);
        FilterActivation[] single = Measure(Filters("classifier"), paths);
        double[][] values = [.. Enumerable.Range(0, 3).Select(unit => single.Where(each => each.Filter == unit).Select(each => (double)each.Mean).ToArray())];

        foreach (FilterStatistics unit in Statistics(Filters("classifier"), paths))
        {
            (int other, double correlation) = Enumerable.Range(0, 3).Where(other => other != unit.Filter)
                .Select(other => (other, Correlation(values[unit.Filter], values[other]))).MaxBy(pair => pair.Item2);
            Assert.Equal(other, unit.Nearest);
            Assert.Equal(correlation, unit.Correlation!.Value, 1e-4);
        }
    }

    [Fact]
    public void A_rectified_filter_keeps_its_neighbour_among_all_when_it_is_measured_alone()
    {
        string[] paths = Noise(6);

        FilterStatistics alone = Assert.Single(Statistics([Model.GetLayer("conv1").GetFilter(TinyModel.Bright)], paths));
        FilterStatistics among = Statistics(Filters("conv1"), paths)[TinyModel.Bright];

        Assert.Equal(among.Nearest, alone.Nearest);
        Assert.Equal(among.Correlation!.Value, alone.Correlation!.Value, 1e-9);
    }

    [Fact]
    public void Figures_do_not_depend_on_the_batch()
    {
        string[] paths = Noise(9);
        FilterStatistics[] one = Statistics(Filters("conv1", "conv2"), paths, batchSize: 1);
        FilterStatistics[] many = Statistics(Filters("conv1", "conv2"), paths, batchSize: 4);

        foreach ((FilterStatistics left, FilterStatistics right) in one.Zip(many))
        {
            Assert.Equal(left.Mean!.Value, right.Mean!.Value, 1e-5);
            Assert.Equal(left.Nearest, right.Nearest);
            Assert.Equal(left.Clarity ?? 0, right.Clarity ?? 0, 1e-4);
            Assert.Equal(left.Polysemanticity ?? 0, right.Polysemanticity ?? 0, 1e-4);
        }
    }

    [Fact]
    public void The_area_is_the_share_of_pairs_in_the_right_order()
    {
        string[] paths = [.. Noise(14).Select((path, i) => Move(path, i % 3 == 0 ? "few" : "many"))];
        FilterActivation[] single = Measure(Filters("conv1"), paths);

        foreach (FilterStatistics filter in Statistics(Filters("conv1"), paths))
        {
            float[] Of(string folder) => [.. single.Where(each => each.Filter == filter.Filter && each.Path.Contains(folder)).Select(each => each.Max)];
            double few = (from a in Of("few") from b in Of("many") select a > b ? 1 : a == b ? 0.5 : 0).Average();
            Assert.Equal(few >= 0.5 ? "few" : "many", filter.Auc == 0.5 ? few >= 0.5 ? "few" : "many" : filter.Concept);
            Assert.Equal(Math.Max(few, 1 - few), filter.Auc!.Value, 1e-9);
        }
    }

    [Fact]
    public void Photos_of_one_folder_have_no_concept()
    {
        Assert.All(Statistics(Filters("conv1"), Noise(3)), filter => Assert.Null(filter.Concept));
    }

    [Fact]
    public void A_photo_that_cannot_be_read_is_told_and_the_others_are_measured()
    {
        File.WriteAllText(At("broken.png"), "no picture");
        var measurement = new FilterMeasurement(Filters("conv1"), 4, 0);

        ImageActivations failure = Assert.Single(measurement.Run([.. Noise(3), At("broken.png")], null, default));

        Assert.Equal("PictureUnreadable", failure.Failure!.ErrorId);
        Assert.All(measurement.Statistics, filter => Assert.Equal(3, filter.Photos));
        Assert.All(measurement.Statistics, filter => Assert.Null(filter.Clarity));
    }

    [Fact]
    public void Values_that_are_no_numbers_have_no_neighbour()
    {
        FilterStatistics broken = Assert.Single(Statistics(Filters("broken"), Noise(3)));

        Assert.Null(broken.Nearest);
        Assert.Null(broken.Clarity);
    }

    [Fact]
    public void Clarity_is_the_mean_cosine_of_two()
    {
        double[][] vectors = Vectors(7, 5, seed: 1);
        var cosines = from i in Enumerable.Range(0, 7) from j in Enumerable.Range(0, 7) where i != j select Cosine(vectors[i], vectors[j]);

        Assert.Equal(cosines.Average(), PatchClusters.Clarity(vectors), 1e-12);
        Assert.Equal(1, PatchClusters.Clarity([[1, 2], [2, 4], [3, 6]]), 1e-12);
        Assert.Equal(-1, PatchClusters.Clarity([[1, 2], [-1, -2]]), 1e-12);
    }

    [Fact]
    public void Two_things_are_more_polysemantic_than_one()
    {
        double[][] noise = Vectors(12, 6, seed: 2);
        double[][] one = [.. noise.Select(vector => vector.Select((value, i) => 0.05 * value + (i == 0 ? 1 : 0)).ToArray())];
        double[][] two = [.. noise.Select((vector, n) => vector.Select((value, i) => 0.05 * value + (i == n % 2 ? 1 : 0)).ToArray())];

        Assert.InRange(PatchClusters.Polysemanticity(one), 0, 0.05);
        Assert.InRange(PatchClusters.Polysemanticity(two), 0.9, 1.1);
        Assert.Equal(0, PatchClusters.Polysemanticity([[1, 2], [1, 2], [1, 2]]), 1e-12);
    }

    private static FilterStatistics[] Statistics(CnnFilter[] filters, string[] paths, int batchSize = 4)
    {
        var measurement = new FilterMeasurement(filters, batchSize, 4);
        Assert.Empty(measurement.Run(paths, null, default));
        return [.. measurement.Statistics];
    }

    private string Move(string path, string folder)
    {
        Directory.CreateDirectory(At(folder));
        string moved = Path.Combine(At(folder), Path.GetFileName(path));
        File.Move(path, moved);
        return moved;
    }

    private static double[][] Vectors(int count, int length, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, length).Select(_ => random.NextDouble() - 0.5).ToArray())];
    }

    private static double Cosine(double[] left, double[] right) =>
        left.Zip(right, (a, b) => a * b).Sum() / Math.Sqrt(left.Sum(a => a * a) * right.Sum(b => b * b));

    private static double Correlation(double[] left, double[] right) =>
        Cosine([.. left.Select(value => value - left.Average())], [.. right.Select(value => value - right.Average())]);
}
