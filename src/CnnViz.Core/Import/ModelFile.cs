using System.Security.Cryptography;

namespace CnnViz.Import;

/// <summary>A file that a model is read from.</summary>
internal sealed class ModelFile
{
    private readonly Lazy<byte[]> _content;

    /// <exception cref="ModelFormatException">It is not there, is a folder, or is empty.</exception>
    public ModelFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw ForeignFormats.OfFolder(path);
        }

        if (!File.Exists(path))
        {
            throw new ModelFormatException("ModelNotFound", $"There is no file '{path}'.", "Check the path.");
        }

        Path = path;
        _content = new(() => Access(() => File.ReadAllBytes(path)));
        Length = Access(() => new FileInfo(path).Length);
        if (Length == 0)
        {
            throw new ModelFormatException("ModelEmpty", $"'{path}' is empty.", "Download or export it again.");
        }
    }

    /// <summary>Its path.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>All of its bytes, for formats that are read at once.</summary>
    /// <exception cref="ModelFormatException">It cannot be read.</exception>
    public byte[] Content => _content.Value;

    /// <summary>Its first bytes, or all where it is shorter.</summary>
    /// <param name="count">How many.</param>
    /// <exception cref="ModelFormatException">It cannot be read.</exception>
    public byte[] Begin(int count) => Access(() =>
    {
        using FileStream stream = File.OpenRead(Path);
        var bytes = new byte[Math.Min(count, stream.Length)];
        stream.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>Its SHA-256, in lower-case hexadecimal.</summary>
    /// <exception cref="ModelFormatException">It cannot be read.</exception>
    public string Sha256() => Convert.ToHexString(_content.IsValueCreated ? SHA256.HashData(Content) : Access(() =>
    {
        using FileStream stream = File.OpenRead(Path);
        return SHA256.HashData(stream);
    })).ToLowerInvariant();

    private T Access<T>(Func<T> access)
    {
        try
        {
            return access();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException("ModelUnreadable", $"'{Path}' cannot be read: {exception.Message}", null, exception);
        }
    }
}
