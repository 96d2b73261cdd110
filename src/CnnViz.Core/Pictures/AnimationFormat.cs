namespace CnnViz.Pictures;

/// <summary>A format of animation files.</summary>
public enum AnimationFormat
{
    /// <summary>Moves everywhere; 256 colours.</summary>
    Gif,

    /// <summary>Smaller, with all colours; exact at quality 100.</summary>
    Webp,
}

/// <summary>What belongs to each format.</summary>
public static class AnimationFormats
{
    /// <summary>The extension of its files, with the dot.</summary>
    public static string Extension(this AnimationFormat format) => format == AnimationFormat.Webp ? ".webp" : ".gif";

    /// <summary>The format of a file by its extension, or null.</summary>
    public static AnimationFormat? FromPath(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".gif" => AnimationFormat.Gif,
        ".webp" => AnimationFormat.Webp,
        _ => null,
    };

    /// <summary>The longest side that its frames can have, in pixels.</summary>
    internal static int LongestSide(this AnimationFormat format) => format == AnimationFormat.Webp ? 16383 : 65535;
}
