using System.Text.RegularExpressions;

namespace CnnViz;

/// <summary>Paths that Windows takes for something else than a file of that name.</summary>
internal static partial class WindowsPath
{
    /// <summary>What is wrong with a path on Windows; null where nothing is.</summary>
    /// <param name="path">A path that somebody gave, with or without a drive (<c>C:</c>, <c>\\server\share</c>, <c>\\?\</c>).</param>
    public static string? Problem(string path)
    {
        foreach (string name in Root().Replace(path, string.Empty).Split('\\', '/'))
        {
            if (name is "" or "." or "..")
            {
                continue;
            }

            string? problem = name.Contains(':', StringComparison.Ordinal) ? "':' begins a stream of a file on Windows"
                : PortableName.IsDevice(name) ? $"'{name}' is the name of a device on Windows"
                : name[^1] is ' ' or '.' ? "Windows takes dots and blanks off the end of a name"
                : Forbidden().IsMatch(name) ? "Windows takes no control characters and none of < > \" | ? * in a name"
                : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    [GeneratedRegex(@"^(?:[\\/]{2}[?.][\\/])?(?:[A-Za-z]:)?")]
    private static partial Regex Root();

    [GeneratedRegex(@"[\x00-\x1f<>""|?*]")]
    private static partial Regex Forbidden();
}
