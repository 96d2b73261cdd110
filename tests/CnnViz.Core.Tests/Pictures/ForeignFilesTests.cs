using CnnViz.Pictures;

namespace CnnViz.Tests.Pictures;

/// <summary>Files of one picture that another program wrote in many forms.</summary>
public sealed class ForeignFilesTests
{
    private const int Height = 20;
    private const int Width = 27;

    private static readonly PictureBytes s_colours = TestPicture.Smooth(Height, Width);

    private static string Folder => Path.Combine(TestFiles.Root, "tests", "CnnViz.Core.Tests", "Pictures", "Files", "foreign");

    [Theory]
    [InlineData("rgb.png")]
    [InlineData("rgb-16.png")]
    [InlineData("rgb-interlaced.png")]
    [InlineData("lossless.webp")]
    [InlineData("rgb-plain.tiff")]
    [InlineData("rgb-lzw.tiff")]
    [InlineData("rgb-deflate.tiff")]
    [InlineData("rgb-packbits.tiff")]
    [InlineData("rgb-big-endian.tiff")]
    [InlineData("rgb-planar.tiff")]
    [InlineData("rgb-strips.tiff")]
    [InlineData("rgb-64-bit.tiff")]
    [InlineData("rgb-tiled.tiff")]
    [InlineData("rgb.bmp")]
    [InlineData("rgb-3.bmp")]
    [InlineData("rgb-2.bmp")]
    public void Exact_colours(string name)
    {
        PictureBytes picture = Open(name).Decode();
        Assert.False(picture.HasAlpha);
        Assert.Equal(s_colours.Samples, picture.Samples);
    }

    [Theory]
    [InlineData("rgba.png")]
    [InlineData("rgba-16-interlaced.png")]
    [InlineData("lossless-alpha.webp")]
    [InlineData("rgba-plain.tiff")]
    [InlineData("rgba-lzw.tiff")]
    [InlineData("rgba-deflate.tiff")]
    [InlineData("rgba-packbits.tiff")]
    [InlineData("rgba.bmp")]
    public void Exact_colours_with_transparency(string name)
    {
        PictureBytes picture = Open(name).Decode();
        Assert.Equal(Alpha(), picture.Alpha);
        Assert.Equal(s_colours.Samples, picture.WithoutAlpha().Samples);
    }

    [Theory]
    [InlineData("grey.png", false)]
    [InlineData("grey-alpha.png", true)]
    [InlineData("grey-plain.tiff", false)]
    [InlineData("grey-lzw.tiff", false)]
    [InlineData("grey-deflate.tiff", false)]
    [InlineData("grey-packbits.tiff", false)]
    [InlineData("grey-alpha.tiff", true)]
    public void Exact_grey(string name, bool hasAlpha)
    {
        PictureBytes picture = Open(name).Decode();
        Assert.Equal(hasAlpha ? Alpha() : null, picture.Alpha);
        Assert.True(picture.IsGrey);
        Assert.Equal(Red(), picture.WithoutAlpha().ToGrey().Samples);
    }

    [Theory]
    [InlineData("palette.png", 4)]
    [InlineData("palette-4.png", 2)]
    [InlineData("palette.gif", 4)]
    [InlineData("palette-interlaced.gif", 4)]
    [InlineData("palette-runs.bmp", 4)]
    public void Exact_colours_of_a_table(string name, int levels)
    {
        byte[] expected = [.. s_colours.Samples.Select(value => (byte)(value / (256 / levels) * (255 / (levels - 1))))];
        Assert.Equal(expected, Open(name).Decode(depth: 3).Samples);
    }

    [Theory]
    [InlineData("rgb-444.jpg", 3.5)]
    [InlineData("rgb-422.jpg", 3.5)]
    [InlineData("rgb-440.jpg", 3.5)]
    [InlineData("rgb-420.jpg", 3.5)]
    [InlineData("rgb-411.jpg", 8)]
    [InlineData("progressive.jpg", 3.5)]
    [InlineData("cmyk.jpg", 3.5)]
    [InlineData("orientation-2.jpg", 3.5)]
    [InlineData("orientation-3.jpg", 3.5)]
    [InlineData("orientation-4.jpg", 3.5)]
    [InlineData("orientation-5.jpg", 3.5)]
    [InlineData("orientation-6.jpg", 3.5)]
    [InlineData("orientation-7.jpg", 3.5)]
    [InlineData("orientation-8.jpg", 3.5)]
    [InlineData("lossy.webp", 5)]
    [InlineData("lossy-alpha.webp", 5)]
    [InlineData("rgb-jpeg.tiff", 3.5)]
    [InlineData("cmyk.tiff", 1)]
    [InlineData("rgb-565.bmp", 4)]
    public void Colours_that_lost_something(string name, double most)
    {
        PictureBytes picture = Open(name).Decode().WithoutAlpha();
        Assert.Equal((Height, Width), (picture.Height, picture.Width));

        // What is hidden need not have kept its colours.
        IEnumerable<int> seen = Enumerable.Range(0, picture.Samples.Length).Where(i => !name.Contains("alpha", StringComparison.Ordinal) || i / 3 % Width > 0);
        Assert.InRange(seen.Average(i => Math.Abs(picture.Samples[i] - s_colours.Samples[i])), 0, most);
    }

    [Fact]
    public void A_grey_jpeg_file_is_grey()
    {
        PictureBytes picture = Open("grey.jpg").Decode();
        Assert.True(picture.IsGrey);
        Assert.InRange(picture.ToGrey().Samples.Zip(Red(), (a, b) => Math.Abs(a - b)).Average(), 0, 1.5);
    }

    [Fact]
    public void A_fax_is_black_on_white()
    {
        byte[] expected = [.. Red().Select(value => value >= 128 ? (byte)255 : (byte)0)];
        byte[] read = Open("fax.tiff").Decode(depth: 1).Samples;
        Assert.InRange(read.Zip(expected, (a, b) => a == b).Count(same => same) / (double)read.Length, 0.98, 1);
    }

    [Fact]
    public void What_is_not_read_is_said()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, "rgb-444.jpg"));
        file[file.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 1] = 0xC3;
        CnnVizException exception = Assert.Throws<CnnVizException>(() => new PictureFile(file, "a photo"));
        Assert.Equal("PictureUnreadable", exception.ErrorId);
        Assert.Contains("lossless, hierarchical or arithmetically coded", exception.Message);
    }

    private static PictureFile Open(string name) => PictureFile.Open(Path.Combine(Folder, name));

    private static byte[] Red() => [.. s_colours.Samples.Where((_, i) => i % 3 == 0)];

    private static byte[] Alpha() => [.. Enumerable.Range(0, Height * Width).Select(i => (byte)(i % Width * 9))];
}
