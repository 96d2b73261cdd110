using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnViz;

/// <summary>
/// Names of files and folders that every system takes and keeps as they are, so that a folder can move from one system to another. They are
/// the same on every system.
/// </summary>
internal static partial class PortableName
{
    /// <summary>Bytes in UTF-8 that one value in a name may have.</summary>
    public const int LongestValue = 100;

    // File systems take 255 bytes (Linux) or 255 UTF-16 units (Windows, macOS).
    private const int Longest = 240;

    private const int HashDigits = 8;

    /// <summary>A text as a part of a name: what a system does not take becomes <c>-</c>, and a long text is cut.</summary>
    public static string Of(string text)
    {
        string safe = Unsafe().Replace(text, "-").Trim(' ', '.');
        safe = Cut(safe, text, LongestValue);
        return safe.Length == 0 ? "_" : IsDevice(safe) ? $"_{safe}" : safe;
    }

    /// <summary>
    /// A whole name, of which parts are values: one that Windows keeps for a device, ends in a blank or a dot, or is too long is changed. Its
    /// extension stays.
    /// </summary>
    /// <param name="name">The name, without a folder.</param>
    public static string Whole(string name)
    {
        string ended = name.TrimEnd(' ', '.');
        if (ended.Length == 0)
        {
            return name is "" or "." or ".." ? name : "_";
        }

        if (Encoding.UTF8.GetByteCount(ended) > Longest)
        {
            string extension = Path.GetExtension(ended) is { Length: <= 6 } known ? known : string.Empty;
            ended = Cut(ended[..^extension.Length], name, Longest - extension.Length) + extension;
        }

        return IsDevice(ended) ? $"_{ended}" : ended;
    }

    /// <summary>Whether Windows takes a name, with any extension, for a device: CON, NUL, COM1…</summary>
    public static bool IsDevice(string name) => Device().IsMatch(name);

    // A name that was cut tells by its end from others with the same beginning.
    private static string Cut(string name, string whole, int longest)
    {
        if (Encoding.UTF8.GetByteCount(name) <= longest)
        {
            return name;
        }

        var kept = new StringBuilder();
        int left = longest - HashDigits - 1;
        foreach (Rune rune in name.EnumerateRunes())
        {
            left -= rune.Utf8SequenceLength;
            if (left < 0)
            {
                break;
            }

            kept.Append(rune.ToString());
        }

        return $"{kept}~{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[..HashDigits].ToLowerInvariant()}";
    }

    [GeneratedRegex(@"[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069<>:""/\\|?*\[\]{}]")]
    private static partial Regex Unsafe();

    // Blanks between the name and its extension count for nothing; the digits are also those of Latin-1.
    [GeneratedRegex(@"^(con|conin\$|conout\$|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|\z)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Device();
}
