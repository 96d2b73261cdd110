using System.Management.Automation;
using CnnViz.Ascent;
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

        // What is said to be a folder stays one.
        return Path.EndsInDirectorySeparator(path) && !Path.EndsInDirectorySeparator(full) ? full + Path.DirectorySeparatorChar : full;
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
        catch (Exception exception) when (exception.IsExpected())
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

    /// <summary>What the pictures say that lie where commands write.</summary>
    /// <param name="cmdlet">The cmdlet that is not to make them again.</param>
    /// <param name="paths">Folders, files, or templates.</param>
    public static ExistingPictures ReadExisting(this CnnVizCommand cmdlet, IEnumerable<string> paths)
    {
        var existing = new ExistingPictures(paths.SelectMany(cmdlet.PicturesIn), cmdlet.Cancellation);
        cmdlet.WriteVerbose($"Pictures of {existing.Count} ascents exist.");
        return existing;
    }

    /// <summary>
    /// Whether a file may be written: it is wanted (-WhatIf, -Confirm), this cmdlet has not written it yet, and none is there or -Force is given;
    /// else an error.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that writes.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="action">What is done, such as <c>Export picture</c>.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    public static bool MayWrite(this CnnVizCommand cmdlet, string path, string action, bool force) =>
        cmdlet.ShouldProcess(path, action) && cmdlet.IsFree(path, force);

    /// <summary>Whether this cmdlet has not written a file yet, and there is none or -Force is given; else an error.</summary>
    /// <param name="cmdlet">The cmdlet that writes.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="force">Whether a file that is there is replaced.</param>
    public static bool IsFree(this CnnVizCommand cmdlet, string path, bool force)
    {
        if (cmdlet.Written.Contains(path))
        {
            var exception = new CnnVizException(
                "FileNameTaken", $"'{path}' has already been written in this pipeline.", "Give a folder, or run the command once for each file.");
            cmdlet.WriteError(exception.ToErrorRecord(path));
            return false;
        }

        if (!File.Exists(path) || force)
        {
            return true;
        }

        cmdlet.WriteError(ErrorRecords.FileExists(path));
        return false;
    }

    /// <summary>
    /// Whether a file is there already as it would be written, so that nothing is left to do; says so and, with -PassThru, puts it out. Where that
    /// cannot be told, an error is written, and nothing is left to do either.
    /// </summary>
    /// <param name="cmdlet">The cmdlet that would write it.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="passThru">Whether it is put out.</param>
    /// <param name="has">Compares it; called on the engine's thread.</param>
    public static bool IsThere(this CnnVizCommand cmdlet, string path, bool passThru, Func<CancellationToken, bool> has)
    {
        bool isThere = false;
        if (!File.Exists(path) || (cmdlet.RunEngine<bool, int>(path, "Comparing files", (_, stop) => Compare(stop), same => isThere = same, _ => null) && !isThere))
        {
            return false;
        }

        if (isThere)
        {
            cmdlet.WriteVerbose($"'{path}' is there already.");
            if (passThru)
            {
                cmdlet.WriteItem(path);
            }
        }

        return true;

        IEnumerable<bool> Compare(CancellationToken stop)
        {
            yield return has(stop);
        }
    }

    /// <summary>Does work that writes a file, so that Ctrl+C stops it at once, and says that it was written.</summary>
    /// <param name="cmdlet">The cmdlet that writes.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="passThru">Whether the file is put out.</param>
    /// <param name="work">Writes it, whole or not at all.</param>
    /// <param name="target">What errors are about that name no file; the file, if null.</param>
    /// <param name="details">What else there is to say, such as <c>, 3 pictures</c>.</param>
    public static void WriteFile(
        this CnnVizCommand cmdlet, string path, bool passThru, Action<CancellationToken> work, object? target = null, Func<string>? details = null) =>
        cmdlet.WriteFile<int>(path, passThru, (_, stop) => work(stop), _ => null, target, details);

    /// <summary>The same with progress.</summary>
    /// <inheritdoc cref="WriteFile(CnnVizCommand, string, bool, Action{CancellationToken}, object?, Func{string})" />
    public static void WriteFile<TReport>(
        this CnnVizCommand cmdlet,
        string path,
        bool passThru,
        Action<IProgress<TReport>, CancellationToken> work,
        Func<TReport, ProgressRecord?> show,
        object? target = null,
        Func<string>? details = null)
    {
        cmdlet.Written.Add(path);
        IEnumerable<bool> Make(IProgress<TReport> progress, CancellationToken stop)
        {
            work(progress, stop);
            yield return true;
        }

        cmdlet.RunEngine<bool, TReport>(target ?? path, "Writing files", Make, _ => cmdlet.HasWritten(path, passThru, details?.Invoke()), show);
    }

    /// <summary>Puts out a file as Get-Item does.</summary>
    /// <param name="cmdlet">The cmdlet that has written it.</param>
    /// <param name="path">Full path of the file.</param>
    public static void WriteItem(this CnnVizCommand cmdlet, string path) => cmdlet.WriteObject(
        cmdlet.InvokeProvider.Item.Get([$"Microsoft.PowerShell.Core\\FileSystem::{path}"], force: true, literalPath: true), enumerateCollection: true);

    private static void HasWritten(this CnnVizCommand cmdlet, string path, bool passThru, string? details)
    {
        cmdlet.WriteVerbose($"Wrote '{path}' ({new FileInfo(path).Length:N0} bytes){details}.");
        if (passThru)
        {
            cmdlet.WriteItem(path);
        }
    }
}
