namespace CnnViz.Pictures;

/// <summary>A format of picture files.</summary>
public enum PictureFormat
{
    /// <summary>Exact.</summary>
    Png,

    /// <summary>Small, not exact.</summary>
    Jpeg,

    /// <summary>Smaller; exact at quality 100.</summary>
    Webp,

    /// <summary>Exact.</summary>
    Tiff,
}

/// <summary>What belongs to each format.</summary>
public static class PictureFormats
{
    /// <summary>The extension of its files, with the dot.</summary>
    public static string Extension(this PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => ".jpg",
        PictureFormat.Webp => ".webp",
        PictureFormat.Tiff => ".tiff",
        _ => ".png",
    };

    /// <summary>All extensions, with the dot.</summary>
    public static string[] Extensions => [".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff"];

    /// <summary>Whether its files can be transparent.</summary>
    public static bool HasTransparency(this PictureFormat format) => format != PictureFormat.Jpeg;

    /// <summary>The longest side that its pictures can have, in pixels.</summary>
    internal static int LongestSide(this PictureFormat format) => format switch
    {
        PictureFormat.Jpeg => 65_534,
        PictureFormat.Webp => 16_383,
        _ => int.MaxValue,
    };

    /// <summary>The format of a file by its extension, or null.</summary>
    public static PictureFormat? FromPath(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".png" => PictureFormat.Png,
        ".jpg" or ".jpeg" => PictureFormat.Jpeg,
        ".webp" => PictureFormat.Webp,
        ".tif" or ".tiff" => PictureFormat.Tiff,
        _ => null,
    };

    /// <summary>The pictures of a folder, which may hold other things too.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="recurse">Whether to look into its folders too.</param>
    /// <returns>Paths of the files whose extension is a format's, in ordinal order.</returns>
    public static string[] FilesIn(string folder, bool recurse)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = recurse, IgnoreInaccessible = true };
        return [.. Directory.EnumerateFiles(folder, "*", options).Where(file => FromPath(file) is not null).Order(StringComparer.Ordinal)];
    }
}
