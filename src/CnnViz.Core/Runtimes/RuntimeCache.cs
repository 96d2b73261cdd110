namespace CnnViz.Runtimes;

/// <summary>Where libtorch is installed: one folder for each package, which all versions of the module that use it share.</summary>
/// <param name="root">The folder of these folders.</param>
internal sealed class RuntimeCache(string root)
{
    /// <summary>The user's.</summary>
    public static RuntimeCache OfUser => new(Path.Combine(UserCache.Folder, "runtimes"));

    /// <summary>The folder of all.</summary>
    public string Root => root;

    /// <summary>The folder of a package, which need not be there.</summary>
    public string FolderOf(RuntimePackage package) => Path.Combine(root, $"{package.Id}.{package.Version}");

    /// <summary>Whether a package is there, whole.</summary>
    public bool Has(RuntimePackage package) => package.Files.All(
        file => new FileInfo(Path.Combine(FolderOf(package), file.Name)) is { Exists: true, Length: var length } && length == file.Length);

    /// <summary>Removes a folder of the cache: all of it, or nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <exception cref="CnnVizException">A session uses it.</exception>
    public void Remove(string folder)
    {
        string removed = NewFolder();
        try
        {
            if (OperatingSystem.IsWindows())
            {
                RefuseIfLoaded(folder);
            }

            Directory.Move(folder, removed);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "RuntimeInUse",
                $"'{folder}' cannot be removed: {exception.Message}",
                "End the sessions that use CnnViz, and try again in a new one.",
                exception);
        }

        Directory.Delete(removed, recursive: true);
    }

    // Windows keeps libraries that a process has loaded, one by one, after others are gone.
    private static void RefuseIfLoaded(string folder)
    {
        foreach (string file in Directory.GetFiles(folder))
        {
            using FileStream own = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    /// <summary>Path of a folder for what is not whole yet, or no longer.</summary>
    public string NewFolder() => Path.Combine(root, $".{Guid.NewGuid():N}.part");
}
