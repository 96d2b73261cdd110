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

    [Fact]
    public void A_very_long_picture_is_an_error_where_it_would_become_huge()
    {
        CnnVizException exception = Assert.Throws<CnnVizException>(
            () => TestPicture.Plain(1, 60_000, 1, 2, 3).Resize(256, 256L * 60_000, PictureFilter.Triangle));
        Assert.Equal("PictureTooLarge", exception.ErrorId);
    }
}
