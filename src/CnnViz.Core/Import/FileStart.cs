using System.IO.Compression;
using System.Text;

namespace CnnViz.Import;

/// <summary>What the first bytes of a file, and its name, say about what it is.</summary>
/// <param name="path">The file's path.</param>
/// <param name="content">The file's bytes.</param>
internal sealed class FileStart(string path, byte[] content)
{
    private const int LookedAt = 4096;

    private readonly Lazy<string> _text = new(() => ToText(content));

    /// <summary>Its name in small letters.</summary>
    public string Name { get; } = Path.GetFileName(path).ToLowerInvariant();

    /// <summary>Its bytes.</summary>
    public ReadOnlySpan<byte> Bytes => content;

    /// <summary>Its first page from the first letter on; empty where it is not text.</summary>
    public string Text => _text.Value;

    /// <summary>Whether it has these bytes at a place.</summary>
    public bool Has(ReadOnlySpan<byte> bytes, int offset = 0) => content.Length >= offset && content.AsSpan(offset).StartsWith(bytes);

    /// <summary>Whether its name has one of these endings.</summary>
    public bool IsNamed(params string[] endings) => endings.Any(ending => Name.EndsWith(ending, StringComparison.Ordinal));

    /// <summary>Whether it is text that begins with one of these words, in letters of either size.</summary>
    public bool Says(params string[] words) => words.Any(word => Text.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether it is text that has all these words in its first page.</summary>
    public bool Mentions(params string[] words) => words.All(word => Text.Contains(word, StringComparison.Ordinal));

    /// <summary>Whether it is a zip archive with a file of this ending in it.</summary>
    public bool HasMember(string ending)
    {
        if (!Has("PK\u0003\u0004"u8))
        {
            return false;
        }

        try
        {
            using var zip = new ZipArchive(new MemoryStream(content), ZipArchiveMode.Read);
            return zip.Entries.Any(entry => entry.FullName.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>The bytes of a field and of what follows it, where the file is a protocol buffer with such a field at a place.</summary>
    /// <param name="field">Number of the field, below 16: a text or a message.</param>
    /// <param name="offset">Where it begins.</param>
    public ReadOnlySpan<byte> Field(int field, int offset = 0)
    {
        if (content.Length < offset + 2 || content[offset] != (field << 3 | 2))
        {
            return default;
        }

        int end = offset + 1;
        while (end < content.Length - 1 && end < offset + 6 && content[end] >= 0x80)
        {
            end++;
        }

        return content.AsSpan(end + 1);
    }

    private static string ToText(byte[] content)
    {
        ReadOnlySpan<byte> page = content.AsSpan(0, Math.Min(content.Length, LookedAt));
        string text = Encoding.UTF8.GetString(page);

        // A letter may be cut in two at the end of the page.
        bool isText = text.AsSpan(0, Math.Max(0, text.Length - 1)).IndexOf('\ufffd') < 0
            && text.All(letter => letter >= ' ' || char.IsWhiteSpace(letter));
        return isText ? text.TrimStart('\ufeff', ' ', '\t', '\r', '\n') : string.Empty;
    }
}
