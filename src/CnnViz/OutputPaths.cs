using System.Management.Automation;

namespace CnnViz;

/// <summary>Where cmdlets write.</summary>
internal static class OutputPaths
{
    /// <summary>
    /// The full path of a folder, a file or a template of file names, which need not be there; an error that ends the pipeline where it is not
    /// in the file system.
    /// </summary>
    public static string ResolveTemplate(this PSCmdlet cmdlet, string path)
    {
        // The colon of a placeholder such as {Filter:000} is no drive's: only what lies before it is a path of the session.
        int placeholder = path.IndexOf('{');
        int separator = placeholder < 0 ? path.Length : path.LastIndexOfAny(['/', '\\'], placeholder);
        string folder = separator < 0 ? "." : path[..Math.Max(separator, 1)];
        string folderPath = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(folder, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.NotFileSystem(path));
        }

        return placeholder < 0 ? folderPath : Path.Join(folderPath, path[(separator + 1)..]);
    }
}
