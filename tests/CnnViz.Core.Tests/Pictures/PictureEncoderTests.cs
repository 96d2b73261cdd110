using CnnViz.Pictures;
using CnnViz.Pictures.Codecs;

namespace CnnViz.Tests.Pictures;

public sealed class PictureEncoderTests
{
    private static readonly PictureFacts s_facts = new("a title", "{\"model\":\"tiny\",\"image\":\"Bär.png\"}");

    public static TheoryData<PictureFormat, int, int, bool> Exact
    {
        get
        {
            var cases = new TheoryData<PictureFormat, int, int, bool>();
            foreach (PictureFormat format in new[] { PictureFormat.Png, PictureFormat.Webp, PictureFormat.Tiff })
            {
                foreach (int depth in new[] { 1, 3 })
                {
                    cases.Add(format, depth, 17, false);
                    cases.Add(format, depth, 16, true);
                    cases.Add(format, depth, 1, true);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Exact))]
    public void Pixels_and_facts_come_back(PictureFormat format, int depth, int side, bool hasAlpha)
    {
        PictureBytes picture = TestPicture.Noise(side, side + 2, depth: depth, hasAlpha: hasAlpha);

        var file = new PictureFile(ImageFile.ToFile(picture, format, 100, s_facts), "a picture");
        PictureBytes read = file.Decode();

        Assert.Equal(s_facts.Json, file.Text);
        Assert.Equal(hasAlpha, read.HasAlpha);
        Assert.Equal(picture.Alpha, read.Alpha);
        PictureBytes colours = read.WithoutAlpha();
        Assert.Equal(picture.WithoutAlpha().Samples, (depth == 1 ? colours.ToGrey() : colours).Samples);
    }

    [Theory]
    [InlineData(PictureFormat.Png)]
    [InlineData(PictureFormat.Jpeg)]
    [InlineData(PictureFormat.Webp)]
    [InlineData(PictureFormat.Tiff)]
    public void Equal_pictures_are_equal_files(PictureFormat format)
    {
        byte[] first = ImageFile.ToFile(TestPicture.Smooth(40, 33), format, 80, s_facts);
        Assert.Equal(first, ImageFile.ToFile(TestPicture.Smooth(40, 33), format, 80, s_facts));
        Assert.NotEqual(first, ImageFile.ToFile(TestPicture.Smooth(40, 33), format, 80, new PictureFacts("a title", "{}")));
    }

    [Theory]
    [InlineData(PictureFormat.Jpeg, 1)]
    [InlineData(PictureFormat.Jpeg, 3)]
    [InlineData(PictureFormat.Webp, 1)]
    [InlineData(PictureFormat.Webp, 3)]
    public void Better_quality_is_nearer_and_larger(PictureFormat format, int depth)
    {
        PictureBytes picture = depth == 3 ? TestPicture.Smooth(64, 50) : TestPicture.Smooth(64, 50).ToGrey();
        byte[] poor = ImageFile.ToFile(picture, format, 20, s_facts);
        byte[] good = ImageFile.ToFile(picture, format, 95, s_facts);

        Assert.True(good.Length > poor.Length);
        Assert.True(Error(good, picture) < Error(poor, picture));
        Assert.InRange(Error(good, picture), 0, 3);
        Assert.Equal(s_facts.Json, new PictureFile(poor, "a picture").Text);
    }

    [Fact]
    public void Facts_of_any_length_come_back()
    {
        var facts = new PictureFacts("a title", $"[{string.Join(',', Enumerable.Range(0, 40_000))}]");
        foreach (PictureFormat format in Enum.GetValues<PictureFormat>())
        {
            Assert.Equal(facts.Json, new PictureFile(ImageFile.ToFile(TestPicture.Plain(4, 4, 1, 2, 3), format, null, facts), "a picture").Text);
        }
    }

    [Fact]
    public void A_jpeg_picture_that_was_written_as_usual_has_colours_of_half_the_resolution()
    {
        byte[] file = PictureEncoder.ToCommonJpeg(TestPicture.Smooth(32, 32), 95);
        Assert.Equal(new JpegColours(0x22, 0x11, 0x11), JpegFile.ReadHeader(file).Colours);
    }

    [Theory]
    [InlineData(PictureFormat.Webp, 16_384)]
    [InlineData(PictureFormat.Jpeg, 65_535)]
    public void A_picture_that_is_too_long_for_its_format_is_an_error_and_no_file(PictureFormat format, int width)
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}");
        CnnVizException exception = Assert.Throws<CnnVizException>(
            () => ImageFile.Write(TestPicture.Plain(1, width, 0, 0, 0), path, format, null, s_facts));
        Assert.Equal("PictureTooLarge", exception.ErrorId);
        Assert.False(File.Exists(path));
    }

    private static double Error(byte[] file, PictureBytes picture) =>
        new PictureFile(file, "a picture").Decode(picture.Depth).Samples.Zip(picture.Samples, (a, b) => (double)Math.Abs(a - b)).Average();
}
