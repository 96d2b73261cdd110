namespace CnnViz;

/// <summary>The folder of what can be fetched again: models, libtorch.</summary>
internal static class UserCache
{
    /// <summary>
    /// CnnViz in the user's cache folder, which is <c>$XDG_CACHE_HOME</c> or ~/.cache on Linux, ~/Library/Caches on macOS and %LOCALAPPDATA% on
    /// Windows.
    /// </summary>
    public static string Folder => Path.Combine(UserFolder, "CnnViz");

    private static string UserFolder
    {
        get
        {
            string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            if (OperatingSystem.IsWindows())
            {
                return Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            }

            if (OperatingSystem.IsMacOS())
            {
                return Path.Combine(home, "Library", "Caches");
            }

            // The XDG specification ignores relative paths.
            return Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } given && Path.IsPathFullyQualified(given)
                ? given
                : Path.Combine(home, ".cache");
        }
    }
}
