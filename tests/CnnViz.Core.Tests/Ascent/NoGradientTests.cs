using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Tests.Import;

namespace CnnViz.Tests.Ascent;

public sealed class NoGradientTests : EngineTest
{
    [Fact]
    public void A_layer_that_no_change_of_the_image_moves_is_one_error()
    {
        using CnnModel model = ReaderTest.Load(OnnxText.Parse(
            13, "c = Conv(x, float[4,3,1,1]); a = ArgMax<axis=1>(c); f = Cast<to=1>(a); y = Conv(f, float[2,1,1,1])", 1, 3, 16, 16));

        var ascent = new FilterAscent(model.GetLayer("y"), new AscentOptions { Recipe = Recipe.Robust with { Steps = 2, UsualSide = 16 } });
        var error = Assert.Throws<CnnVizException>(() => ascent.Run([0], null, default).Single());

        Assert.Equal("NoGradient", error.ErrorId);
    }
}
