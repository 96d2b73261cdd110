using System.Collections.Concurrent;

namespace CnnViz;

/// <summary>Files on their way to their names, and what of them is left where a writer was killed.</summary>
internal static class Leftovers
{
    private const string Extension = ".part";

    // A file takes no longer than seconds.
    private static readonly TimeSpan s_oldest = TimeSpan.FromHours(1);
    private static readonly ConcurrentDictionary<string, bool> s_tidied = new();

    /// <summary>A name that nobody else has, for a file until it is complete.</summary>
    /// <param name="folder">The folder that it will be in.</param>
    public static string NewPath(string folder) => Path.Combine(folder, $".{Guid.NewGuid():N}{Extension}");

    /// <summary>Removes from a folder, once in a process, what is older than an hour.</summary>
    /// <param name="folder">Full path of the folder, which need not be there.</param>
    public static void Remove(string folder)
    {
        if (!s_tidied.TryAdd(folder, true) || !Directory.Exists(folder))
        {
            return;
        }

        try
        {
            Directory.EnumerateFiles(folder, $".*{Extension}").Where(IsOurs).ToList().ForEach(RemoveIfOld);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A folder that may be written to need not show what it has.
        }
    }

    private static bool IsOurs(string path) => Guid.TryParseExact(Path.GetFileNameWithoutExtension(path).TrimStart('.'), "N", out _);

    private static void RemoveIfOld(string file)
    {
        try
        {
            if (DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > s_oldest)
            {
                File.Delete(file);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody else is at it, or owns it.
        }
    }
}
