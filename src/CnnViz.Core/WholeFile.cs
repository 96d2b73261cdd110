namespace CnnViz;

/// <summary>Files that appear whole or not at all.</summary>
internal static class WholeFile
{
    /// <summary>
    /// Has a file written beside its place, and moves it there once it is complete. Makes the folder if need be; a file that is
    /// there is replaced.
    /// </summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellation">Stops at the next piece that is written.</param>
    /// <exception cref="CnnVizException">
    /// It is no path of a file, it cannot be written, or the file that is there cannot be replaced, such as one that another program has open; it
    /// stays as it was.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is there that was not before.</exception>
    public static void Write(string path, Action<Stream> write, CancellationToken cancellation = default)
    {
        string folder = FolderOf(path);
        FileFailure.Writing(path, () =>
        {
            Directory.CreateDirectory(folder);
            Leftovers.Remove(folder);
            string temporary = Leftovers.NewPath(folder);
            try
            {
                using (FileStream file = File.Create(temporary))
                using (var stream = new StoppableStream(file, cancellation))
                {
                    write(stream);
                }

                cancellation.ThrowIfCancellationRequested();
                Replace(temporary, path);
            }
            finally
            {
                File.Delete(temporary);
            }
        });
    }

    /// <summary>Whether a file is there that has the same bytes as would be written.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="cancellation">Stops at the next piece.</param>
    /// <exception cref="CnnVizException">The file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static bool Has(string path, Action<Stream> write, CancellationToken cancellation = default)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        using var content = new MemoryStream();
        using (var stream = new StoppableStream(content, cancellation))
        {
            write(stream);
        }

        try
        {
            return content.ToArray().AsSpan().SequenceEqual(File.ReadAllBytes(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileFailure.Of(exception, path, isWritten: false);
        }
    }

    /// <summary>Gives a file that is complete its name; one that is there is replaced.</summary>
    /// <param name="complete">Path of the complete file, in the same folder.</param>
    /// <param name="path">Path that it is to have.</param>
    /// <exception cref="CnnVizException">The file that is there cannot be replaced; it stays as it was.</exception>
    public static void Replace(string complete, string path)
    {
        try
        {
            File.Move(complete, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && File.Exists(path))
        {
            throw new CnnVizException(
                "FileNotReplaced",
                $"'{path}' cannot be replaced, and stays as it was: {FileFailure.ReasonOf(exception)}.",
                "Close the program that has the file open, and check that the file is not read-only.",
                exception) { Path = path };
        }
    }

    // A drive's root has no folder.
    private static string FolderOf(string path)
    {
        if (OperatingSystem.IsWindows() && WindowsPath.Problem(path) is { } problem)
        {
            throw new CnnVizException("FileNameInvalid", $"'{path}' cannot be written: {problem}.", "Choose another name.") { Path = path };
        }

        return Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(path)
            ? folder
            : throw new CnnVizException("FileIsFolder", $"'{path}' is a folder, so no file of this name can be written.", "Give the name of a file.")
            {
                Path = path,
            };
    }
}
