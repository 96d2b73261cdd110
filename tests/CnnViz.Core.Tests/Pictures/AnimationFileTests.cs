using System.Buffers.Binary;
using System.Text;
using CnnViz.Pictures;

namespace CnnViz.Tests.Pictures;

public sealed class AnimationFileTests : IDisposable
{
    private static readonly PictureFacts s_facts = new("a title", "{\"model\":\"tiny\"}");

    private readonly string _folder = Directory.CreateTempSubdirectory("cnnviz").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(AnimationFormat.Gif, 1)]
    [InlineData(AnimationFormat.Gif, 40)]
    [InlineData(AnimationFormat.Gif, 129)]
    [InlineData(AnimationFormat.Webp, 1)]
    [InlineData(AnimationFormat.Webp, 40)]
    public void Frames_come_back_exactly_however_they_change(AnimationFormat format, int side)
    {
        PictureBytes[] frames = Changing(side);
        string path = Write(frames, format, 0, 100);

        List<(PictureBytes Picture, int Delay)> read = TestPicture.Frames(path);
        Assert.Equal([10, 20, 30, 40, 50], read.Select(frame => frame.Delay));
        Assert.All(frames.Zip(read), pair => Assert.Equal(pair.First.Samples, pair.Second.Picture.Samples));
        Assert.Equal(s_facts.Json, PictureFile.Open(path).Text);
        Assert.True(PictureFile.Open(path).HasFrames);
    }

    [Fact]
    public void Many_colours_become_those_that_do_it_best()
    {
        PictureBytes[] frames = [TestPicture.Smooth(60, 80), TestPicture.Smooth(60, 80).Resize(60, 80, PictureFilter.Box), TestPicture.Smooth(80, 60) with { Height = 60, Width = 80 }];
        List<(PictureBytes Picture, int Delay)> read = TestPicture.Frames(Write(frames, AnimationFormat.Gif, 0, 100));
        Assert.All(frames.Zip(read), pair => Assert.InRange(
            pair.First.Samples.Zip(pair.Second.Picture.Samples, (a, b) => Math.Abs(a - b)).Average(), 0, 6));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, null)]
    [InlineData(2, 1)]
    [InlineData(7, 6)]
    public void A_gif_file_says_how_often_it_is_shown_again(int loops, int? again)
    {
        byte[] file = File.ReadAllBytes(Write(Changing(8), AnimationFormat.Gif, loops, 100));
        int at = file.AsSpan().IndexOf("NETSCAPE2.0"u8);
        Assert.Equal(again, at < 0 ? null : BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at + 13)));
    }

    [Theory]
    [InlineData(100, "VP8L")]
    [InlineData(60, "VP8 ")]
    public void A_webp_file_has_the_chunks_of_an_animation(int quality, string bitstream)
    {
        byte[] file = File.ReadAllBytes(Write(Changing(21), AnimationFormat.Webp, 3, quality));

        Assert.Equal(file.Length - 8, BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(4)));
        List<(string Type, byte[] Data)> chunks = Chunks(file, 12);
        Assert.Equal(["VP8X", "ANIM", "ANMF", "ANMF", "ANMF", "ANMF", "ANMF", "EXIF"], chunks.Select(chunk => chunk.Type));
        Assert.Equal([0x0A, 0, 0, 0, 20, 0, 0, 20, 0, 0], chunks[0].Data); // EXIF and animation, 21×21
        Assert.Equal([255, 255, 255, 255, 3, 0], chunks[1].Data);
        foreach ((_, byte[] frame) in chunks.Where(chunk => chunk.Type == "ANMF"))
        {
            Assert.Equal([bitstream], Chunks(frame, 16).Select(chunk => chunk.Type));
            (int left, int top, int width, int height) = (2 * UInt24(frame, 0), 2 * UInt24(frame, 3), UInt24(frame, 6) + 1, UInt24(frame, 9) + 1);
            Assert.True(left + width <= 21 && top + height <= 21);
        }
    }

    // The same twice, then a change in the middle, at an odd corner, and everywhere.
    private static PictureBytes[] Changing(int side)
    {
        byte[] levels = [0, 80, 160, 255];
        byte[] Of(int seed) => [.. TestPicture.Noise(side, side, seed).Samples.Select(value => levels[value >> 6])];
        PictureBytes first = new(Of(1), side, side, 3);
        PictureBytes middle = first with { Samples = (byte[])first.Samples.Clone() };
        middle.Samples[(side / 2 * side + side / 2) * 3] ^= 255;
        PictureBytes corner = middle with { Samples = (byte[])middle.Samples.Clone() };
        corner.Samples[^1] ^= 255;
        return [first, first, middle, corner, new(Of(2), side, side, 3)];
    }

    private string Write(PictureBytes[] frames, AnimationFormat format, int loops, int quality)
    {
        string path = Path.Combine(_folder, "a" + format.Extension());
        using FileStream stream = File.Create(path);
        int[] delays = [.. frames.Select((_, i) => 10 * (i + 1))];
        AnimationFile.Write(stream, frames, delays, format, loops, quality, s_facts);
        return path;
    }

    private static int UInt24(byte[] data, int at) => data[at] | (data[at + 1] << 8) | (data[at + 2] << 16);

    private static List<(string Type, byte[] Data)> Chunks(byte[] file, int at)
    {
        var chunks = new List<(string, byte[])>();
        while (at < file.Length)
        {
            int length = BinaryPrimitives.ReadInt32LittleEndian(file.AsSpan(at + 4));
            chunks.Add((Encoding.ASCII.GetString(file, at, 4), file[(at + 8)..(at + 8 + length)]));
            at += 8 + length + length % 2;
        }

        return chunks;
    }
}
