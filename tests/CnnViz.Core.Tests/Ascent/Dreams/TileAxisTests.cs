using CnnViz.Ascent;

namespace CnnViz.Tests.Ascent.Dreams;

public sealed class TileAxisTests
{
    // Length, field, stride, jitter, least, size.
    public static TheoryData<int, double, double, int, int, int> Axes => new()
    {
        { 64, 20, 4, 8, 1, 500 },
        { 64, 200, 16, 32, 1, 500 },
        { 64, 20, 4, 8, 1, 61 },
        { 64, 20, 4, 8, 1, 3 },
        { 64, 20, 4, 0, 1, 65 },
        { 64, 20, 4, 0, 1, 64 },
        { 33, 7, 2, 100, 32, 101 },
        { 32, double.PositiveInfinity, 0, 4, 32, 32 },
        { 32, double.PositiveInfinity, 0, 4, 32, 31 },
        { 32, double.PositiveInfinity, 0, 4, 32, 90 },
        { 32, double.PositiveInfinity, 0, 4, 32, 1 },
        { 8, 3, 32, 7, 1, 40 },
    };

    [Theory]
    [MemberData(nameof(Axes))]
    public void Every_pixel_has_one_tile_that_sees_it(int length, double field, double stride, int jitter, int least, int size) =>
        ForManyCuts(length, field, stride, jitter, least, size, (axis, spans) =>
        {
            int next = 0;
            foreach (TileSpan span in spans)
            {
                Assert.Equal(next, span.Start);
                Assert.True(span.Count > 0);
                Assert.True(span.SeenStart <= span.Start && span.Start + span.Count <= span.SeenStart + span.SeenCount, $"{span}");
                next += span.Count;
            }

            Assert.Equal(size, next);
        });

    [Theory]
    [MemberData(nameof(Axes))]
    public void No_tile_is_too_large_or_too_small(int length, double field, double stride, int jitter, int least, int size) =>
        ForManyCuts(length, field, stride, jitter, least, size, (axis, spans) =>
            Assert.All(spans, span => Assert.InRange(span.SeenCount, least, length)));

    [Theory]
    [MemberData(nameof(Axes))]
    public void Tiles_begin_on_one_grid_and_overlap_by_the_margin(
        int length, double field, double stride, int jitter, int least, int size) =>
        ForManyCuts(length, field, stride, jitter, least, size, (axis, spans) =>
        {
            Assert.All(spans, span => Assert.Equal(0, (span.SeenStart - spans[0].SeenStart) % axis.Stride));
            for (int i = 1; i < spans.Count; i++)
            {
                int cut = spans[i].Start;
                Assert.True(spans[i].SeenStart <= cut - Math.Min(axis.Margin, cut - spans[0].SeenStart));
                Assert.True(spans[i - 1].SeenStart + spans[i - 1].SeenCount >= Math.Min(cut + axis.Margin, size));
            }
        });

    [Fact]
    public void Tiles_have_few_sizes()
    {
        var axis = TileAxis.For(512, 250, 16, 32, 1);

        IEnumerable<int> sizes = Enumerable.Range(0, 1000)
            .SelectMany(i => axis.Cut(4000, i % 33 / 33.0, i / 1000.0))
            .Select(span => span.SeenCount);

        Assert.InRange(sizes.Distinct().Count(), 1, 8);
    }

    [Fact]
    public void Cuts_lie_everywhere_and_so_does_the_grid()
    {
        var axis = TileAxis.For(64, 20, 4, 8, 1);

        TileSpan[][] cuts = [.. Enumerable.Range(0, 900).Select(i => axis.Cut(500, i % 9 / 9.0, i / 900.0).ToArray())];

        Assert.Equal(Enumerable.Range(-8, 9), cuts.Select(spans => spans[0].SeenStart).Distinct().Order());
        IEnumerable<int> places = cuts.SelectMany(spans => spans.Skip(1)).Select(span => span.Start);
        Assert.Empty(Enumerable.Range(1, 480).Except(places));
    }

    [Fact]
    public void Pixels_beyond_the_edges_are_mirrored()
    {
        Assert.Equal([3, 2, 1, 0, 1, 2, 3, 2, 1, 0], new TileSpan(0, 4, -3, 10).Indices(4));
        Assert.Equal([0, 0, 0], new TileSpan(0, 1, -1, 3).Indices(1));
        Assert.Equal([1, 0, 1, 0], new TileSpan(0, 2, -1, 4).Indices(2));
    }

    private static void ForManyCuts(
        int length, double field, double stride, int jitter, int least, int size, Action<TileAxis, IReadOnlyList<TileSpan>> check)
    {
        var axis = TileAxis.For(length, field, stride, jitter, least);
        for (int i = 0; i <= 50; i++)
        {
            check(axis, axis.Cut(size, i % 7 / 6.0, i / 50.0));
        }
    }
}
