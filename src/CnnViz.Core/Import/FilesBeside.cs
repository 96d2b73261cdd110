namespace CnnViz.Import;

/// <summary>
/// The files that a model may name: those in its folder, wherever links of the folder lead within it. In the cache of Hugging Face the folder of a
/// snapshot has links alone, into <c>blobs</c> of the same repository; these are followed, too. Nothing else is.
/// </summary>
internal static class FilesBeside
{
    private const string Snapshots = "snapshots";
    private const string Blobs = "blobs";
    private const string Repository = "models--";
    private const int MostLinks = 40;

    /// <summary>Finds a file.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="name">The file's path within it, as the model has it.</param>
    /// <returns>Full path of the file, all links followed, where there may be nothing; null where it is not one that the model may name.</returns>
    public static string? Find(string folder, string name)
    {
        if (name.Contains('\0', StringComparison.Ordinal) || Path.IsPathRooted(name))
        {
            return null;
        }

        string root = Path.GetFullPath(folder);
        string path = Path.GetFullPath(Path.Combine(root, name));
        if (!IsInside(path, root))
        {
            return null;
        }

        try
        {
            string realRoot = Follow(root);
            string real = Follow(path);
            return IsInside(real, realRoot) || (BlobsOf(realRoot) is { } blobs && IsInside(real, blobs)) ? real : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Links in circles, or into folders that are closed.
            return null;
        }
    }

    /// <summary>Whether a full path lies in a folder, which may be a drive's root.</summary>
    public static bool IsInside(string path, string folder)
    {
        string start = Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar;
        return path.Length > start.Length && path.StartsWith(start, StringComparison.Ordinal);
    }

    // models--owner--name/snapshots/commit, or a folder within it.
    private static string? BlobsOf(string folder)
    {
        for (DirectoryInfo? part = new(folder); part?.Parent?.Parent is { } repository; part = part.Parent)
        {
            if (part.Parent.Name == Snapshots && repository.Name.StartsWith(Repository, StringComparison.Ordinal))
            {
                return Path.Combine(repository.FullName, Blobs);
            }
        }

        return null;
    }

    // .NET follows the last part of a path alone.
    private static string Follow(string path)
    {
        string real = Path.GetPathRoot(path)!;
        var left = new Stack<string>(Parts(path));
        int links = 0;
        while (left.TryPop(out string? part))
        {
            string next = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }

            if (++links > MostLinks)
            {
                throw new IOException("There are too many links.");
            }

            real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
            foreach (string step in Parts(target))
            {
                left.Push(step);
            }
        }

        return real;
    }

    // The last comes first.
    private static IEnumerable<string> Parts(string path) => path[Path.GetPathRoot(path)!.Length..]
        .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
        .Where(part => part != ".")
        .Reverse();
}
