using System.Management.Automation;
using CnnViz.Pictures;

namespace CnnViz;

/// <summary>Where cmdlets write.</summary>
internal static class OutputPaths
{
    /// <summary>Finds a file or a folder in the session's drives, which need not be there; an error that ends the pipeline where that is not possible.</summary>
    /// <param name="cmdlet">The cmdlet whose parameter it is.</param>
    /// <param name="path">The path.</param>
    /// <param name="given">The parameter's value, where the path is a part of it.</param>
    public static string ResolveOutput(this PSCmdlet cmdlet, string path, string? given = null)
    {
        string full = cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
        if (provider.Name != "FileSystem")
        {
            cmdlet.ThrowTerminatingError(ErrorRecords.NotFileSystem(given ?? path));
        }

        return full;
    }

    /// <summary>
    /// Finds a folder, a file or a template of file names in the session's drives, which need not be there; an error that ends the pipeline
    /// where that is not possible.
    /// </summary>
    /// <param name="cmdlet">The cmdlet whose parameter it is.</param>
    /// <param name="path">Such as <c>out/{Layer}_{Filter:000}.png</c>.</param>
    /// <param name="make">Makes of the full path what names the files.</param>
    public static T ResolveTemplate<T>(this PSCmdlet cmdlet, string path, Func<string, T> make)
    {
        (string folder, string? template) = SplitTemplate(path);
        string folderPath = cmdlet.ResolveOutput(folder, path);
        try
        {
            return make(template is null ? folderPath : Path.Join(folderPath, template));
        }
        catch (CnnVizException exception)
        {
            cmdlet.ThrowTerminatingError(exception.ToErrorRecord(path));
            throw;
        }
    }

    // The colon of a placeholder such as {Filter:000} is no drive's: only what lies before it is a path of the session.
    private static (string Folder, string? Template) SplitTemplate(string path)
    {
        int placeholder = path.IndexOf('{');
        int separator = placeholder < 0 ? path.Length : path.LastIndexOfAny(['/', '\\'], placeholder);
        return (separator < 0 ? "." : path[..Math.Max(separator, 1)], placeholder < 0 ? null : path[(separator + 1)..]);
    }

    /// <summary>
    /// The pictures that lie where a command writes: of a folder and its folders, or of the folder that a template of file names begins with. None
    /// where there is nothing yet.
    /// </summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="path">A folder, a file, or a template.</param>
    public static string[] PicturesIn(this PSCmdlet cmdlet, string path)
    {
        string full = cmdlet.ResolveOutput(SplitTemplate(path).Folder, path);
        return File.Exists(full) ? [full] : Directory.Exists(full) ? PictureFormats.FilesIn(full, recurse: true) : [];
    }

    /// <summary>Whether a file may be written: it is wanted (-WhatIf, -Confirm), and none is there or -Force is given; else an error.</summary>
    /// <param name="cmdlet">The cmdlet that writes.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="action">What is done, such as <c>Export picture</c>.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    public static bool MayWrite(this PSCmdlet cmdlet, string path, string action, bool force) =>
        cmdlet.ShouldProcess(path, action) && cmdlet.IsFree(path, force);

    /// <summary>Whether there is no file, or -Force is given; else an error.</summary>
    /// <param name="cmdlet">The cmdlet that writes.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    public static bool IsFree(this PSCmdlet cmdlet, string path, bool force)
    {
        if (!File.Exists(path) || force)
        {
            return true;
        }

        cmdlet.WriteError(ErrorRecords.FileExists(path));
        return false;
    }

    /// <summary>Says that a file was there already and, with -PassThru, puts it out.</summary>
    /// <param name="cmdlet">The cmdlet that would have written it.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="passThru">Whether it is put out.</param>
    public static void IsThere(this PSCmdlet cmdlet, string path, bool passThru)
    {
        cmdlet.WriteVerbose($"'{path}' is there already.");
        if (passThru)
        {
            cmdlet.WriteObject(new FileInfo(path));
        }
    }

    /// <summary>Says that a file was written and, with -PassThru, puts it out.</summary>
    /// <param name="cmdlet">The cmdlet that has written it.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="passThru">Whether it is put out.</param>
    /// <param name="details">What else there is to say, such as <c>, 3 pictures</c>.</param>
    public static void HasWritten(this PSCmdlet cmdlet, string path, bool passThru, string details = "")
    {
        var file = new FileInfo(path);
        cmdlet.WriteVerbose($"Wrote '{path}' ({file.Length:N0} bytes){details}.");
        if (passThru)
        {
            cmdlet.WriteObject(file);
        }
    }
}
