namespace CnnViz.Runtimes;

/// <summary>Where libtorch is installed: one folder for each package, which all versions of the module that use it share.</summary>
/// <param name="root">The folder of these folders.</param>
internal sealed class RuntimeCache(string root)
{
    private const string Removed = ".removed";

    /// <summary>The user's.</summary>
    public static RuntimeCache OfUser => new(Path.Combine(UserCache.Folder, "runtimes"));

    /// <summary>The folder of all.</summary>
    public string Root => root;

    /// <summary>The folder of a package, which need not be there.</summary>
    public string FolderOf(RuntimePackage package) => Path.Combine(root, $"{package.Id}.{package.Version}");

    /// <summary>Whether a package is there, whole.</summary>
    public bool Has(RuntimePackage package) => package.Files.All(
        file => new FileInfo(Path.Combine(FolderOf(package), file.Name)) is { Exists: true, Length: var length } && length == file.Length);

    /// <summary>Folders that were removed, and whose files could not be deleted then.</summary>
    public IReadOnlyList<string> Leftovers => Directory.Exists(root) ? Directory.GetDirectories(root, $".*{Removed}") : [];

    /// <summary>Removes a folder of the cache: what is in use stays whole, and what has been removed is never used again.</summary>
    /// <param name="folder">The folder, or one of <see cref="Leftovers" />.</param>
    /// <exception cref="CnnVizException">A session uses it; or it is removed, and files of it remain.</exception>
    public void Remove(string folder)
    {
        string removed = folder.EndsWith(Removed, StringComparison.Ordinal) ? folder : MoveAway(folder);
        try
        {
            Directory.Delete(removed, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "RuntimeFilesRemain",
                $"libtorch is removed, but files of it remain in '{removed}': {exception.Message}",
                "Call Uninstall-CnnRuntime again, when no other program uses them.",
                exception);
        }
    }

    private string MoveAway(string folder)
    {
        string removed = NewName(Removed);
        try
        {
            if (OperatingSystem.IsWindows())
            {
                RefuseIfLoaded(folder);
            }

            Directory.Move(folder, removed);
            return removed;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CnnVizException(
                "RuntimeInUse",
                $"'{folder}' cannot be removed: {exception.Message}",
                "End the sessions that use CnnViz, and try again in a new one.",
                exception);
        }
    }

    // Windows keeps libraries that a process has loaded, one by one, after others are gone.
    private static void RefuseIfLoaded(string folder)
    {
        foreach (string file in Directory.GetFiles(folder))
        {
            using FileStream own = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
    }

    /// <summary>Path of a folder for what is not whole yet.</summary>
    public string NewFolder() => NewName(".part");

    private string NewName(string ending) => Path.Combine(root, $".{Guid.NewGuid():N}{ending}");
}
