using System.Management.Automation;

namespace CnnViz;

/// <summary>Where cmdlets write.</summary>
internal static class OutputPaths
{
    /// <summary>
    /// Finds a folder, a file or a template of file names in the session's drives, which need not be there; an error that ends the pipeline
    /// where that is not possible.
    /// </summary>
    /// <param name="cmdlet">The cmdlet whose parameter it is.</param>
    /// <param name="path">Such as <c>out/{Layer}_{Filter:000}.png</c>.</param>
    /// <param name="make">Makes of the full path what names the files.</param>
    public static T ResolveTemplate<T>(this PSCmdlet cmdlet, string path, Func<string, T> make)
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

        try
        {
            return make(placeholder < 0 ? folderPath : Path.Join(folderPath, path[(separator + 1)..]));
        }
        catch (CnnVizException exception)
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord(path));
            throw;
        }
    }
}
