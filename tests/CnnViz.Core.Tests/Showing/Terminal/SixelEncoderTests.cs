using CnnViz.Showing.Terminal;

namespace CnnViz.Tests.Showing.Terminal;

public sealed class SixelEncoderTests : EngineTest
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16, 6)]
    [InlineData(13, 7)]
    [InlineData(5, 23)]
    public void Every_pixel_has_its_colour(int width, int height)
    {
        RgbPicture picture = TestScreen.Gradient(width, height);
        IndexedPicture indexed = IndexedPicture.Of(picture);

        ((int Red, int Green, int Blue)?[,] pixels, int readWidth, int readHeight) = TestScreen.Sixels(SixelEncoder.Encode(indexed));

        Assert.Equal((width, height), (readWidth, readHeight));
        Assert.InRange(indexed.Palette.Length, 1, 256);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                // Percentages: half a percent is 1.3 of 255.
                int colour = indexed.Palette[indexed.Pixels[y * width + x]];
                (int red, int green, int blue) = Assert.NotNull(pixels[y, x]);
                Assert.InRange(red * 2.55 - (colour >> 16), -1.3, 1.3);
                Assert.InRange(green * 2.55 - ((colour >> 8) & 255), -1.3, 1.3);
                Assert.InRange(blue * 2.55 - (colour & 255), -1.3, 1.3);
            }
        }
    }

    [Fact]
    public void Equal_sixels_are_counted()
    {
        var black = new IndexedPicture(300, 6, [0], new byte[1800]);

        Assert.Equal("\u001bP0;1;0q\"1;1;300;6#0;2;0;0;0#0!300~\u001b\\", SixelEncoder.Encode(black));
    }

    [Fact]
    public void A_few_sixels_are_not_counted()
    {
        var picture = new IndexedPicture(4, 1, [0, 0xFFFFFF], [0, 0, 1, 1]);

        Assert.EndsWith("#0@@$#1??@@\u001b\\", SixelEncoder.Encode(picture));
    }

    [Fact]
    public void Colours_that_are_few_enough_stay_as_they_are()
    {
        RgbPicture picture = TestScreen.Gradient(16, 16);

        IndexedPicture indexed = IndexedPicture.Of(picture);

        Assert.Equal(256, indexed.Palette.Length);
        Assert.All(Enumerable.Range(0, 256), i => Assert.Equal(picture[i % 16, i / 16], indexed.Palette[indexed.Pixels[i]]));
    }

    [Theory]
    [InlineData(256, 4)]
    [InlineData(16, 16)]
    public void Many_colours_become_few_that_are_near(int colours, double error)
    {
        const int Side = 64;
        const int Block = 8;
        RgbPicture picture = TestScreen.Gradient(Side, Side);
        for (int i = 0; i < Side * Side; i++)
        {
            picture.Pixels[3 * i + 2] = picture.Pixels[3 * i + 1];
        }

        IndexedPicture indexed = IndexedPicture.Of(picture, colours);

        // What a pixel loses its neighbours have: it is the means of small areas that are right.
        Assert.InRange(indexed.Palette.Length, colours / 2, colours);
        var errors = new List<double>();
        for (int top = 0; top < Side; top += Block)
        {
            for (int left = 0; left < Side; left += Block)
            {
                int[] pixels = [.. Enumerable.Range(0, Block * Block).Select(i => (top + i / Block) * Side + left + i % Block)];
                double wanted = pixels.Average(i => picture[i % Side, i / Side] >> 16);
                double found = pixels.Average(i => indexed.Palette[indexed.Pixels[i]] >> 16);
                errors.Add(Math.Abs(found - wanted));
            }
        }

        Assert.InRange(errors.Average(), 0, error);
    }
}
