using CnnViz.Pictures;

namespace CnnViz.Tests.Activations;

/// <summary>Small pictures in files.</summary>
internal static class TestPictures
{
    /// <summary>Writes a picture of random colours and gives its pixels: height×width×3.</summary>
    public static byte[] WriteNoise(string path, int height, int width, int seed)
    {
        var pixels = new byte[height * width * 3];
        new Random(seed).NextBytes(pixels);
        Write(path, height, width, pixels);
        return pixels;
    }

    /// <summary>Writes a black picture with one pixel of a colour.</summary>
    public static void WriteSpot(string path, int height, int width, int row, int column, params byte[] colour)
    {
        var pixels = new byte[height * width * 3];
        colour.CopyTo(pixels, (row * width + column) * 3);
        Write(path, height, width, pixels);
    }

    public static void Write(string path, int height, int width, byte[] pixels)
    {
        File.WriteAllBytes(path, ImageFile.ToFile(new PictureBytes(pixels, height, width, 3), PictureFormat.Png, null));
    }
}
