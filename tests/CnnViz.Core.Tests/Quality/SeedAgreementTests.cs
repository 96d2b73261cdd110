using CnnViz.Quality;

namespace CnnViz.Tests.Quality;

public sealed class SeedAgreementTests
{
    [Fact]
    public void Profiles_that_go_together_agree_whatever_the_filter_itself_answers()
    {
        float?[] agreements = Compare(
            Measurement(0, seed: 1, [100, 1, 2, 3, 5]),
            Measurement(0, seed: 2, [-7, 2, 4, 6, 10]),
            Measurement(1, seed: 1, [-1, 9, -2, -3, -5]),
            Measurement(1, seed: 2, [1, 9, 2, 3, 5]));

        Assert.Equal(1, agreements[0]!.Value, 1e-6f);
        Assert.Equal(1, agreements[1]!.Value, 1e-6f);
        Assert.Equal(-1, agreements[2]!.Value, 1e-6f);
        Assert.Equal(-1, agreements[3]!.Value, 1e-6f);
    }

    [Fact]
    public void A_picture_without_company_has_none()
    {
        double[] profile = [1, 2, 3, 5, 4];

        Assert.All(
            Compare(
                Measurement(0, 1, profile),
                Measurement(0, 1, profile),
                Measurement(0, 2, profile, recipe: "Other"),
                Measurement(0, 3, profile, minimized: true),
                Measurement(2, 4, profile)),
            Assert.Null);
        Assert.All(Compare(Measurement(0, 1, [1, 2, 3]), Measurement(0, 2, [1, 2, 3])), Assert.Null);
        Assert.All(Compare(Measurement(0, 1, [9, 1, 1, 1]), Measurement(0, 2, [9, 1, 2, 3])), Assert.Null);
    }

    [Fact]
    public void Pictures_by_other_recipes_are_compared_by_themselves()
    {
        FilterImageQuality[] qualities =
        [
            .. SeedAgreement.Compare(
            [
                Measurement(0, 1, [9, 1, 2, 3, 5]),
                Measurement(0, 2, [9, 2, 4, 6, 10]),
                Measurement(0, 1, [9, -1, -2, -3, -5], recipe: "Other"),
            ]),
        ];

        Assert.Equal([1, 1, null], qualities.Select(quality => quality.Agreement is { } value ? MathF.Round(value, 5) : (float?)null));
        Assert.Equal([-1, -1, -1f], qualities.Select(quality => MathF.Round(quality.RecipeAgreement!.Value, 5)));
    }

    [Fact]
    public void Filters_that_answer_nothing_do_not_count()
    {
        float?[] agreements = Compare(
            Measurement(0, 1, [0, 1, double.NaN, 2, 3, 7]),
            Measurement(0, 2, [0, 1, double.NaN, 2, 3, 7]));

        Assert.All(agreements, agreement => Assert.Equal(1, agreement!.Value, 1e-6f));
    }

    [Fact]
    public void Pictures_whose_seeds_are_not_known_are_compared()
    {
        Assert.All(Compare(Measurement(0, null, [0, 1, 2, 5]), Measurement(0, null, [0, 1, 2, 5])), agreement => Assert.NotNull(agreement));
    }

    private static float?[] Compare(params QualityMeasurement[] measurements) =>
        [.. SeedAgreement.Compare(measurements).Select(quality => quality.Agreement)];

    private static QualityMeasurement Measurement(
        int filter, long? seed, double[] profile, string recipe = "Classic", bool minimized = false) => new(
        new FilterImageQuality
        {
            Model = "m",
            ModelSha256 = "0",
            Layer = "l",
            Filter = filter,
            Filters = profile.Length,
            ClassName = null,
            Path = null,
            Seed = seed,
            Recipe = recipe,
            Minimized = minimized,
            Height = 8,
            Width = 8,
            Activation = 1,
            Rank = 1,
            StandardRank = 1,
            Retention = null,
            RetentionSmaller = null,
            RetentionLarger = null,
            RetentionShift = null,
            RetentionLeft = null,
            RetentionRight = null,
            RetentionJpeg = null,
            RobustActivation = null,
            NaturalActivation = null,
            NaturalRatio = null,
            NaturalImage = null,
            SpectralDistance = null,
        },
        profile);
}
