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
    /// <exception cref="CnnVizException">
    /// It is no path of a file, or the file that is there cannot be replaced, such as one that another program has open; it stays as it was.
    /// </exception>
    public static void Write(string path, Action<Stream> write)
    {
        string folder = FolderOf(path);
        Directory.CreateDirectory(folder);
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}.part");
        try
        {
            using (FileStream stream = File.Create(temporary))
            {
                write(stream);
            }

            Replace(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
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
                $"'{path}' cannot be replaced, and stays as it was: {exception.Message}",
                "Close the program that has the file open, and check that the file is not read-only.",
                exception);
        }
    }

    // A drive's root has no folder.
    private static string FolderOf(string path)
    {
        if (OperatingSystem.IsWindows() && WindowsPath.Problem(path) is { } problem)
        {
            throw new CnnVizException("FileNameInvalid", $"'{path}' cannot be written: {problem}.", "Choose another name.");
        }

        return Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(path)
            ? folder
            : throw new CnnVizException("FileIsFolder", $"'{path}' is a folder, so no file of this name can be written.", "Give the name of a file.");
    }
}
