using System.Management.Automation;
using CnnViz.Imaging;

namespace CnnViz;

/// <summary>Where a cmdlet writes pictures: a folder, or a template of file names.</summary>
internal static class TemplatePaths
{
    /// <summary>Finds the folder in the session's drives; an error that ends the pipeline where that is not possible.</summary>
    /// <param name="cmdlet">The cmdlet whose parameter it is.</param>
    /// <param name="path">A folder or a template, such as <c>out/{Layer}_{Filter:000}.png</c>.</param>
    /// <param name="format">The format of the files, or null for that of the extension.</param>
    public static PictureFiles ResolveTemplate(this PSCmdlet cmdlet, string path, PictureFormat? format)
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
            return new PictureFiles(placeholder < 0 ? folderPath : Path.Join(folderPath, path[(separator + 1)..]), format);
        }
        catch (CnnVizException exception)
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord(path));
            throw;
        }
    }
}
