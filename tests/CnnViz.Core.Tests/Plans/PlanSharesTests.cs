using CnnViz.Ascent;
using CnnViz.Plans;

namespace CnnViz.Tests.Plans;

public sealed class PlanSharesTests
{
    [Fact]
    public void Each_picture_is_in_exactly_one_share()
    {
        var random = new Random(1);
        for (int round = 0; round < 300; round++)
        {
            FilterPlan plan = RandomPlan(random, layers: random.Next(1, 12), mostFilters: random.Next(1, 200), mostRatio: 1000);
            int count = random.Next(1, 90);

            (int, long)[] pictures = [.. PlanShares.All(plan, count).SelectMany(share => share).SelectMany(Pictures)];

            Assert.Equal(plan.Pictures, pictures.Length);
            Assert.Equal(plan.Pictures, pictures.Distinct().Count());
            Assert.All(pictures, picture => Assert.InRange(picture.Item2, 0, (long)plan.Layers[picture.Item1].Filters.Count * plan.Count - 1));
        }
    }

    [Fact]
    public void A_share_follows_from_the_plan_and_two_numbers()
    {
        FilterPlan plan = RandomPlan(new Random(2), layers: 9, mostFilters: 90, mostRatio: 100);
        FilterPlan again = RandomPlan(new Random(2), layers: 9, mostFilters: 90, mostRatio: 100);

        for (int index = 0; index < 7; index++)
        {
            Assert.Equal(PlanShares.Of(plan, new Shard(index, 7)), PlanShares.Of(again, new Shard(index, 7)));
            Assert.Equal(PlanShares.All(plan, 7)[index], PlanShares.Of(plan, new Shard(index, 7)));
        }
    }

    [Fact]
    public void Shares_cost_about_the_same_where_the_pictures_are_enough_for_that()
    {
        var random = new Random(3);
        for (int round = 0; round < 100; round++)
        {
            FilterPlan plan = RandomPlan(random, layers: random.Next(2, 60), mostFilters: 2000, mostRatio: 100);
            int count = random.Next(1, 1001);
            double ideal = plan.Cost / count;
            double dearest = plan.Layers.Max(layer => layer.Cost);

            double makespan = PlanShares.All(plan, count).Max(share => share.Sum(piece => piece.Length * plan.Layers[piece.Layer].Cost));

            // No share can be better than the ideal or than one picture; those in between are cut as fine as pictures are.
            Assert.InRange(makespan, ideal * (1 - 1e-9), Math.Max(ideal * 1.1, ideal + dearest));
        }
    }

    [Fact]
    public void Pieces_are_whole_batches_but_for_the_end_of_a_layer()
    {
        var random = new Random(6);
        for (int round = 0; round < 100; round++)
        {
            FilterPlan plan = RandomPlan(random, layers: random.Next(1, 30), mostFilters: 1000, mostRatio: 10);
            int count = random.Next(1, 30);
            double ideal = plan.Cost / count;
            foreach (PlanPiece piece in PlanShares.All(plan, count).SelectMany(share => share))
            {
                PlanLayer layer = plan.Layers[piece.Layer];
                bool isLast = piece.First + piece.Length == (long)layer.Filters.Count * plan.Count;
                bool isSmall = 8 * AscentOptions.UsualBatchSize * layer.Cost > ideal;
                Assert.True(isLast || isSmall || piece.Length % AscentOptions.UsualBatchSize == 0, $"{piece} of {count} shares");
            }
        }
    }

    [Fact]
    public void Shares_beyond_the_pictures_are_empty()
    {
        FilterPlan plan = RandomPlan(new Random(4), layers: 1, mostFilters: 3, mostRatio: 1);

        Assert.Equal(plan.Pictures, PlanShares.All(plan, 50).Count(share => share.Count > 0));
    }

    [Fact]
    public void Shares_of_millions_of_pictures_take_no_time_for_each_picture()
    {
        FilterPlan plan = RandomPlan(new Random(5), layers: 60, mostFilters: 2048, mostRatio: 100) with { Count = 1000 };

        IReadOnlyList<PlanPiece>[] shares = PlanShares.All(plan, 1000);

        Assert.InRange(plan.Pictures, 10_000_000, long.MaxValue);
        Assert.InRange(shares.Sum(share => share.Count), 1000, 100_000);
    }

    private static IEnumerable<(int, long)> Pictures(PlanPiece piece)
    {
        for (long number = 0; number < piece.Length; number++)
        {
            yield return (piece.Layer, piece.First + number);
        }
    }

    private static FilterPlan RandomPlan(Random random, int layers, int mostFilters, double mostRatio) => new()
    {
        Model = new PlanModel { Name = "model", Path = "model.onnx", Sha256 = new string('a', 64), Preprocessing = "Unit" },
        Recipe = Recipe.Robust,
        Count = random.Next(1, 4),
        Layers =
        [
            .. Enumerable.Range(0, layers).Select(layer => new PlanLayer
            {
                Name = $"layer{layer}",
                Filters = [.. Enumerable.Range(0, 1 + random.Next(mostFilters))],
                Cost = Math.Pow(mostRatio, random.NextDouble()),
            }),
        ],
    };
}
