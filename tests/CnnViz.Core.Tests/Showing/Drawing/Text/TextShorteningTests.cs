using CnnViz.Showing.Drawing.Text;

namespace CnnViz.Tests.Showing.Drawing.Text;

public sealed class TextShorteningTests
{
    private static readonly TextStyle s_style = new(Typeface.Regular, 12);

    public static TheoryData<string[], float> Groups => new()
    {
        { ["inception_3a/3x3_reduce:0", "inception_3a/5x5_reduce:0"], 90 },
        { ["inception_3a/3x3_reduce:0", "inception_3a/5x5_reduce:0", "inception_3b/3x3_reduce:0", "inception_3b/5x5_reduce:0"], 96 },
        { ["features.denseblock1.denselayer1.conv1:0", "features.denseblock1.denselayer2.conv1:0"], 80 },
        { ["a_beginning_that_differs_and_the_same_long_end", "b_beginning_that_differs_and_the_same_long_end"], 70 },
        { ["the_same_long_beginning_of_a_name:1", "the_same_long_beginning_of_a_name:2"], 60 },
        { ["golden retriever, retriever", "golden hamster, retriever"], 60 },
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void Different_texts_stay_different_and_fit(string[] texts, float width)
    {
        string[] shown = TextShortening.Shorten(s_style, [.. texts.Select(text => (text, width))]);

        Assert.Equal(texts.Length, shown.Distinct().Count());
        Assert.All(shown, text => Assert.True(s_style.WidthOf(text) <= width, text));
        Assert.All(shown, text => Assert.Contains('…', text));
    }

    [Fact]
    public void A_text_that_fits_and_one_that_nothing_is_like_are_cut_as_ever()
    {
        string[] shown = TextShortening.Shorten(s_style, [("conv1:3", 90), ("inception_3a/3x3_reduce:0", 90), ("inception_3a/3x3_reduce:0", 90)]);

        Assert.Equal("conv1:3", shown[0]);
        Assert.Equal(s_style.Shorten("inception_3a/3x3_reduce:0", 90), shown[1]);
        Assert.Equal(shown[1], shown[2]);
    }
}
