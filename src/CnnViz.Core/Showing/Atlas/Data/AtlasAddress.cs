using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace CnnViz.Showing.Atlas.Data;

/// <summary>Names of files and folders that are safe everywhere, also in a link, and differ where the names differ.</summary>
internal static partial class AtlasAddress
{
    private const int Longest = 60;

    /// <summary>
    /// The name itself where it has only small letters, digits, dots, hyphens and underscores; any other is made of these, and has a tilde
    /// and 12 digits of its SHA-256 at the end: file systems do not tell <c>Conv</c> from <c>conv</c>, and <c>a/b</c> must not become
    /// <c>a-b</c>.
    /// </summary>
    public static string Of(string name)
    {
        if (Plain().IsMatch(name) && name.Length <= Longest && !PortableName.IsDevice(name))
        {
            return name;
        }

        string safe = Other().Replace(name.ToLowerInvariant(), "-").Trim('-', '.');
        safe = safe.Length > Longest ? safe[..Longest] : safe;
        string address = $"{safe}~{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12].ToLowerInvariant()}";
        return PortableName.IsDevice(address) ? $"_{address}" : address;
    }

    // A dot at the end is lost on some file systems, one in front hides the file.
    [GeneratedRegex(@"^[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_-])?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();

    [GeneratedRegex(@"[^a-z0-9._-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Other();
}
