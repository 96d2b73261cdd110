namespace CnnViz.Benchmarks;

/// <summary>The clone that this program runs in.</summary>
internal static class RepositoryFolder
{
    /// <summary>Its path.</summary>
    /// <exception cref="DirectoryNotFoundException">The program does not run in a clone.</exception>
    public static string Find()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "CnnViz.psd1")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Run this in a clone of the repository.");
        }

        return folder;
    }
}
