namespace CnnViz.Catalogue;

/// <summary>The folder where published models are kept once they have been downloaded.</summary>
public static class ModelCache
{
    /// <summary>Name of the environment variable that says which folder it is.</summary>
    public const string Variable = "CNNVIZ_CACHE";

    /// <summary>
    /// The folder: what the variable says, else CnnViz/models in the user's cache folder, which is <c>$XDG_CACHE_HOME</c> or
    /// ~/.cache on Linux, ~/Library/Caches on macOS and %LOCALAPPDATA% on Windows.
    /// </summary>
    public static string Folder => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given
        ? Path.GetFullPath(given)
        : Path.Combine(UserFolder, "CnnViz", "models");

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

    /// <summary>Where the file of a model is, or will be.</summary>
    public static string PathOf(PublishedModel model) => Path.Combine(Folder, model.FileName);

    /// <summary>The path of a model's file if it is there, or null.</summary>
    public static string? Find(PublishedModel model) =>
        model.FileName.Length > 0 && PathOf(model) is var path && File.Exists(path) ? path : null;
}
