using System.Buffers.Binary;
using System.IO.Compression;
using CnnViz.Pictures;
using CnnViz.Pictures.Codecs;

namespace CnnViz.Tests.Pictures;

/// <summary>Files that somebody has made to do harm, or that have come to harm.</summary>
public sealed class PictureSafetyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    private static string Files => Path.Combine(TestFiles.Root, "tests", "CnnViz.Core.Tests", "Pictures", "Files");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("P6 2 2 255 aaaaaaaaaaaa")]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("%PDF-1.4")]
    [InlineData("push graphic-context")]
    [InlineData("")]
    [InlineData("B")]
    public void Nothing_but_the_six_formats_is_decoded(string content)
    {
        string path = Path.Combine(_folder, "photo.png");
        File.WriteAllText(path, content);
        CnnVizException exception = Assert.Throws<CnnVizException>(() => PictureFile.Open(path));
        Assert.Equal("PictureUnreadable", exception.ErrorId);
        Assert.Contains("no PNG, JPEG, WebP, TIFF, GIF or BMP file", exception.Message);
    }

    [Fact]
    public void The_content_says_what_a_file_is_and_not_its_name()
    {
        string path = Path.Combine(_folder, "photo.png");
        File.WriteAllBytes(path, ImageFile.ToFile(TestPicture.Plain(3, 5, 9, 9, 9), PictureFormat.Webp, 100));
        Assert.Equal((3, 5), (TestPicture.Read(path).Height, TestPicture.Read(path).Width));
    }

    // ImageSharp would open the part, which is the file, within itself until the stack ends.
    [Theory]
    [InlineData(0, 134)]
    [InlineData(1, 100)]
    public void A_picture_that_holds_itself_is_not_decoded(int place, int length)
    {
        var file = new List<byte>([.. "II*\0"u8, 8, 0, 0, 0, 9, 0]);
        foreach ((int tag, int value) in new[] { (256, 8), (257, 8), (258, 8), (259, 7), (262, 1), (273, place), (277, 1), (278, 8), (279, length) })
        {
            file.AddRange([.. BitConverter.GetBytes((ushort)tag), 4, 0, 1, 0, 0, 0, .. BitConverter.GetBytes(value)]);
        }

        file.AddRange(new byte[16]);
        CnnVizException exception = Assert.Throws<CnnVizException>(() => new PictureFile([.. file], "photo.tiff").Decode());
        Assert.Equal("PictureUnreadable", exception.ErrorId);
        Assert.Contains("no JPEG picture", exception.Message);
    }

    [Theory]
    [InlineData("rgb.png", 16)]
    [InlineData("rgb-420.jpg", -1)]
    [InlineData("lossy-alpha.webp", -1)]
    [InlineData("rgb-plain.tiff", -1)]
    [InlineData("palette.gif", 6)]
    [InlineData("rgb.bmp", 18)]
    public void A_picture_that_says_that_it_is_huge_gets_no_memory(string name, int at)
    {
        byte[] file = Enlarge(File.ReadAllBytes(Path.Combine(Files, "foreign", name)), name, at);

        long before = GC.GetAllocatedBytesForCurrentThread();
        CnnVizException exception = Assert.Throws<CnnVizException>(() => new PictureFile(file, name));

        Assert.Equal("PictureTooLarge", exception.ErrorId);
        Assert.Contains("50 million", exception.Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void A_picture_that_says_that_it_is_large_must_have_the_bytes()
    {
        byte[] png = File.ReadAllBytes(Path.Combine(Files, "foreign", "rgb.png"));
        byte[] bmp = File.ReadAllBytes(Path.Combine(Files, "foreign", "rgb.bmp"));
        byte[] webp = File.ReadAllBytes(Path.Combine(Files, "foreign", "lossy-alpha.webp"));
        int lossy = webp.AsSpan().IndexOf("VP8 "u8) + 14;
        BinaryPrimitives.WriteInt16LittleEndian(webp.AsSpan(lossy), 6000);
        BinaryPrimitives.WriteInt16LittleEndian(webp.AsSpan(lossy + 2), 6000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 6000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 6000);
        BinaryPrimitives.WriteInt32LittleEndian(bmp.AsSpan(18), 6000);
        foreach (byte[] file in new[] { png, bmp, webp })
        {
            CnnVizException exception = Assert.Throws<CnnVizException>(() => new PictureFile(file, "a picture"));
            Assert.Equal("PictureUnreadable", exception.ErrorId);
            Assert.Contains("too short for its pixels", exception.Message);
        }
    }

    [Fact]
    public void A_text_that_unpacks_to_much_is_left_out()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int i = 0; i < 100; i++)
            {
                zip.Write(new byte[1 << 20]);
            }
        }

        byte[] plain = ImageFile.ToFile(TestPicture.Plain(2, 2, 1, 2, 3), PictureFormat.Png, null);
        byte[] data = [.. "zTXtCnnViz\0\0"u8, .. packed.ToArray()];
        var chunk = new byte[data.Length + 8];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length - 4);
        data.CopyTo(chunk, 4);
        var file = new PictureFile([.. plain[..33], .. chunk, .. plain[33..]], "a bomb");

        Assert.Null(file.Text);
        Assert.Equal(TestPicture.Plain(2, 2, 1, 2, 3).Samples, file.Decode(depth: 3).Samples);
    }

    [Fact]
    public void Directories_that_follow_one_another_without_end_do_not_matter()
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Files, "foreign", "rgb-plain.tiff"));
        int next = (int)TagDirectory.Read(file).NextPlace;
        file.AsSpan(4, 4).CopyTo(file.AsSpan(next));
        Assert.Equal(TestPicture.Smooth(20, 27).Samples, TestPicture.Read(file).Samples);
    }

    [Fact]
    public void Reading_can_be_cancelled()
    {
        var file = new PictureFile(File.ReadAllBytes(Path.Combine(Files, "foreign", "progressive.jpg")), "a photo");
        Assert.Throws<OperationCanceledException>(() => file.Decode(new CancellationToken(true)));
    }

    [Fact]
    public void What_is_no_file_is_one_error()
    {
        Assert.Equal("PictureUnreadable", Assert.Throws<CnnVizException>(() => PictureFile.Open(_folder)).ErrorId);
        Assert.Equal("PictureUnreadable", Assert.Throws<CnnVizException>(() => PictureFile.Open(Path.Combine(_folder, "no.png"))).ErrorId);
    }

    // Both sides at their largest.
    private static byte[] Enlarge(byte[] file, string name, int at)
    {
        switch (Path.GetExtension(name))
        {
            case ".jpg":
                at = file.AsSpan().IndexOf<byte>([0xFF, 0xC0]) + 5;
                file.AsSpan(at, 4).Fill(0xFF);
                break;
            case ".webp":
                at = file.AsSpan().IndexOf("VP8X"u8) + 12;
                file.AsSpan(at, 6).Fill(0xFF);
                break;
            case ".tiff":
                foreach ((int tag, long place) in TagDirectory.Read(file).Tags.Where(entry => entry.Tag is 256 or 257))
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan((int)place + 8), 0xFFFF);
                }

                break;
            case ".png":
                file.AsSpan(at, 8).Fill(0x7F);
                break;
            case ".gif":
                file.AsSpan(at, 4).Fill(0xFF);
                break;
            default:
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), int.MaxValue);
                BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at + 4), int.MinValue);
                break;
        }

        return file;
    }
}
