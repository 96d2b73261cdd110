using CnnViz.Pictures;
using CnnViz.Pictures.Codecs;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.PixelFormats;

namespace CnnViz.Tests.Pictures;

/// <summary>Picture files for tests, made and looked into.</summary>
internal static class TestPicture
{
    /// <summary>A picture of one colour.</summary>
    public static PictureBytes Plain(int height, int width, byte red, byte green, byte blue) =>
        new([.. Enumerable.Range(0, height * width).SelectMany(_ => new[] { red, green, blue })], height, width, 3);

    /// <summary>A picture in which no two pixels next to each other are the same.</summary>
    public static PictureBytes Noise(int height, int width, int seed = 1, int depth = 3, bool hasAlpha = false)
    {
        var samples = new byte[height * width * (depth + (hasAlpha ? 1 : 0))];
        new Random(seed).NextBytes(samples);
        return new PictureBytes(samples, height, width, depth, hasAlpha);
    }

    /// <summary>Smooth colours, as photos have them.</summary>
    public static PictureBytes Smooth(int height, int width)
    {
        var samples = new byte[height * width * 3];
        for (int i = 0; i < samples.Length; i++)
        {
            (int row, int column, int channel) = (i / 3 / width, i / 3 % width, i % 3);
            samples[i] = (byte)(127.5 + 120 * Math.Sin(row * 0.21 + channel) * Math.Cos(column * 0.13 + channel * 2));
        }

        return new PictureBytes(samples, height, width, 3);
    }

    /// <summary>Writes a picture without facts, in the format of the file's extension.</summary>
    public static void Write(PictureBytes picture, string path, int quality = 100) =>
        File.WriteAllBytes(path, ImageFile.ToFile(picture, PictureFormats.FromPath(path) ?? PictureFormat.Png, quality));

    /// <summary>Reads a picture, RGB, on white where it is transparent.</summary>
    public static PictureBytes Read(string path) => PictureFile.Open(path).Decode(depth: 3);

    /// <summary>Reads a picture, RGB, on white where it is transparent.</summary>
    public static PictureBytes Read(byte[] file) => new PictureFile(file, "a picture").Decode(depth: 3);

    /// <summary>The red, green and blue of a pixel.</summary>
    public static byte[] Pixel(this PictureBytes picture, int row, int column) => picture.Cut(row, column, 1, 1).Samples;

    /// <summary>The frames of an animation as they are seen, and the time that each stands, in milliseconds.</summary>
    public static List<(PictureBytes Picture, int Delay)> Frames(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return Path.GetExtension(path) == ".gif" ? GifFrames(file) : WebpFrames(file);
    }

    private static List<(PictureBytes, int)> GifFrames(byte[] file)
    {
        var frames = new List<(PictureBytes, int)>();
        using Image<Rgb24> image = Image.Load<Rgb24>(file);
        foreach (ImageFrame<Rgb24> frame in image.Frames)
        {
            var samples = new byte[frame.Width * frame.Height * 3];
            frame.CopyPixelDataTo(samples);
            frames.Add((new PictureBytes(samples, frame.Height, frame.Width, 3), 10 * frame.Metadata.GetGifMetadata().FrameDelay));
        }

        return frames;
    }

    private static List<(PictureBytes, int)> WebpFrames(byte[] file)
    {
        var frames = new List<(PictureBytes, int)>();
        PictureBytes? seen = null;
        foreach (WebpFrame frame in WebpFile.Frames(file))
        {
            PictureBytes part = Read(frame.File);
            PictureBytes next = seen is null ? part : seen with { Samples = (byte[])seen.Samples.Clone() };
            for (int row = 0; row < part.Height && seen is not null; row++)
            {
                Array.Copy(part.Samples, row * part.Width * 3, next.Samples, ((frame.Top + row) * next.Width + frame.Left) * 3, part.Width * 3);
            }

            frames.Add((next, frame.Delay));
            seen = next;
        }

        return frames;
    }
}
