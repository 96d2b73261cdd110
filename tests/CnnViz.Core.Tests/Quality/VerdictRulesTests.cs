using CnnViz.Quality;

namespace CnnViz.Tests.Quality;

public sealed class VerdictRulesTests
{
    private static readonly FilterImageQuality s_good = new()
    {
        Model = "m",
        ModelSha256 = "0",
        Layer = "l",
        Filter = 3,
        Filters = 64,
        ClassName = null,
        Path = null,
        Seed = 0,
        Recipe = "Robust",
        Minimized = false,
        Height = 64,
        Width = 64,
        Activation = 8,
        Rank = 1,
        StandardRank = 1,
        Retention = 0.95f,
        RetentionSmaller = 0.95f,
        RetentionLarger = 0.95f,
        RetentionShift = 0.95f,
        RetentionLeft = 0.95f,
        RetentionRight = 0.95f,
        RetentionJpeg = 0.95f,
        RobustActivation = 8,
        NaturalActivation = 2,
        NaturalRatio = 4,
        NaturalImage = "a.png",
        SpectralDistance = 0.3f,
        HasSignal = true,
        NaturalAgreement = 0.98f,
        NaturalClarity = 0.97f,
    };

    public static TheoryData<string, FilterImageQuality> Doubts => new()
    {
        { "did not change", s_good with { HasSignal = false } },
        { "does not fire", s_good with { Retention = null, Activation = -1 } },
        { "0.31 of the activation", s_good with { Retention = 0.31f } },
        { "raises 4 of the layer's 64 filters more", s_good with { StandardRank = 5 } },
        { "9 of the layer's 64 filters have a higher", s_good with { Rank = 10 } },
        { "the same activation", s_good with { StandardRank = null } },
        { "the ratio is 0.50", s_good with { NaturalRatio = 0.5f } },
        { "noise", s_good with { SpectralDistance = 0.95f } },
        { "do not show", s_good with { NaturalAgreement = null, NaturalClarity = null } },
        { "little in common", s_good with { NaturalClarity = 0.6f } },
        { "little in common", s_good with { NaturalClarity = 0.6f, NaturalAgreement = 0.1f } },
        { "a little like", s_good with { NaturalAgreement = 0.8f } },
        { "second network", s_good with { JudgeAgreement = 0.8f, JudgeClarity = 0.9f } },
        { "other seeds", s_good with { Agreement = 0.1f } },
        { "other recipes", s_good with { RecipeAgreement = 0.1f } },
    };

    [Fact]
    public void A_picture_for_which_all_speaks_is_trusted()
    {
        FilterImageQuality judged = VerdictRules.Judge(s_good with { JudgeAgreement = 0.9f, JudgeClarity = 0.9f });

        Assert.Equal(PictureVerdict.Trusted, judged.Verdict);
        Assert.Contains(judged.Reasons, reason => reason.Contains("0.98") && reason.Contains("0.97"));
        Assert.Contains(judged.Reasons, reason => reason.Contains("second network agrees"));
        Assert.StartsWith("l:3 (trusted, rank 1 of 64", judged.ToString());
    }

    [Theory]
    [MemberData(nameof(Doubts))]
    public void One_figure_that_speaks_against_it_makes_it_doubtful(string words, FilterImageQuality quality)
    {
        FilterImageQuality judged = VerdictRules.Judge(quality);

        Assert.Equal(PictureVerdict.Doubtful, judged.Verdict);
        Assert.Contains(words, Assert.Single(judged.Reasons));
    }

    [Fact]
    public void A_picture_of_something_else_than_nature_shows_is_contradicted()
    {
        FilterImageQuality own = VerdictRules.Judge(s_good with { NaturalAgreement = 0.1f });
        FilterImageQuality second = VerdictRules.Judge(s_good with { JudgeAgreement = 0.1f, JudgeClarity = 0.9f });

        Assert.All([own, second], judged => Assert.Equal(PictureVerdict.Contradicted, judged.Verdict));
        Assert.All([own, second], judged => Assert.Contains("0.10", Assert.Single(judged.Reasons)));
    }

    [Fact]
    public void A_second_network_to_which_natural_images_say_nothing_does_not_count()
    {
        FilterImageQuality judged = VerdictRules.Judge(s_good with { JudgeAgreement = 0.1f, JudgeClarity = 0.55f });

        Assert.Equal(PictureVerdict.Trusted, judged.Verdict);
        Assert.DoesNotContain(judged.Reasons, reason => reason.Contains("second network"));
    }
}
