using CnnViz.Pictures;

namespace CnnViz.Tests.Pictures;

public sealed class PictureResizingTests
{
    [Theory]
    [InlineData(PictureFilter.Nearest)]
    [InlineData(PictureFilter.Box)]
    [InlineData(PictureFilter.Triangle)]
    [InlineData(PictureFilter.CatmullRom)]
    [InlineData(PictureFilter.Mitchell)]
    [InlineData(PictureFilter.Lanczos)]
    internal void One_colour_stays_that_colour(PictureFilter filter)
    {
        PictureBytes resized = TestPicture.Plain(31, 17, 200, 100, 3).Resize(13, 40, filter);
        Assert.Equal(TestPicture.Plain(13, 40, 200, 100, 3).Samples, resized.Samples);
        Assert.All(TestPicture.Plain(31, 17, 7, 7, 7).ToGrey().Resize(5, 5, filter).Samples, value => Assert.Equal(7, value));
    }
}
