using System.Reflection;
using CnnViz.Pictures;

namespace CnnViz.Fuzz;

/// <summary>Formats of pictures. Their sound files are those of the tests.</summary>
internal static class PictureFormats
{
    // Pictures of 50 million pixels are read, and a few bytes can be one of them.
    private const long Memory = 1L << 30;

    // ImageSharp makes room for 65,536 groups of codes before it reads the first; what is not read is not touched.
    private const long WebpMemory = 1_700L << 20;

    /// <summary>The formats.</summary>
    public static IReadOnlyList<FuzzFormat> All { get; } = [.. new[] { "png", "jpg", "webp", "tiff", "gif", "bmp" }.Select(Of)];

    /// <summary>Folder of the sound files.</summary>
    public static string Folder { get; } = Path.Combine(
        typeof(PictureFormats).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!,
        "tests", "CnnViz.Core.Tests", "Pictures", "Files");

    private static FuzzFormat Of(string extension) => new(extension, () => Seeds(extension), folder => Read(Path.Combine(folder, $"picture.{extension}")))
    {
        SpareMemory = extension == "webp" ? WebpMemory : Memory,
    };

    private static IEnumerable<FuzzInput> Seeds(string extension) => Directory.GetFiles(Folder, $"*.{extension}", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).Select(path => new FuzzInput(($"picture.{extension}", File.ReadAllBytes(path))));

    private static string Read(string path)
    {
        PictureFile picture = PictureFile.Open(path);
        _ = picture.Text;
        PictureBytes pixels = picture.Decode();
        return pixels.Height * pixels.Width * pixels.PixelSize == pixels.Samples.Length
            ? $"{pixels.PixelSize} {picture.HasFrames}"
            : throw new InvalidDataException($"{pixels.Samples.Length} bytes for {pixels.Height}×{pixels.Width} pixels of {pixels.PixelSize}");
    }
}
