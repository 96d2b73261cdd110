namespace CnnViz;

/// <summary>Files and folders that cannot be read or written, in words of ours.</summary>
internal static class FileFailure
{
    // ENOSPC and EDQUOT, as .NET hands them on; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private static readonly int[] s_full = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    // EROFS; ERROR_WRITE_PROTECT.
    private static readonly int[] s_readOnly = [30, unchecked((int)0x80070013)];

    // EAGAIN on Linux and macOS; ERROR_SHARING_VIOLATION.
    private static readonly int[] s_inUse = [11, 35, unchecked((int)0x80070020)];

    /// <summary>Whether somebody else holds the file.</summary>
    public static bool IsInUse(IOException exception) => s_inUse.Contains(exception.HResult);

    /// <summary>Does something with a file that is written.</summary>
    /// <param name="path">The file's path, which the user knows.</param>
    /// <param name="write">What is done.</param>
    /// <exception cref="CnnVizException">It cannot be written.</exception>
    public static void Writing(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Of(exception, path, isWritten: true);
        }
    }

    /// <summary>What it means that a file cannot be read or written.</summary>
    /// <param name="exception">What the system says.</param>
    /// <param name="path">The file's path, where it is known.</param>
    /// <param name="isWritten">Whether it was to be written.</param>
    public static CnnVizException Of(Exception exception, string? path, bool isWritten)
    {
        string what = $"{(path is null ? "The file" : $"'{path}'")} cannot be {(isWritten ? "written" : "read")}";
        (string id, string reason, string advice) = exception switch
        {
            _ when isWritten && FileAbove(path) is { } file => ("FileIsNoFolder", $"'{file}' is a file, not a folder", "Give another path."),
            IOException when s_full.Contains(exception.HResult) => ("DiskFull", "there is no space left on the disk", "Make space, or give another path."),
            _ when exception is UnauthorizedAccessException || s_readOnly.Contains(exception.HResult) => (
                "AccessDenied", "access is denied", isWritten ? "Give a path that may be written to." : "Ask for the right to read it."),
            PathTooLongException => ("PathTooLong", "the path is too long", "Give a shorter path."),
            FileNotFoundException or DirectoryNotFoundException when !isWritten => ("PathNotFound", "it is not there", "Check the path."),
            _ => (isWritten ? "FileNotWritten" : "FileNotRead", ReasonOf(exception), "Check the path and the disk."),
        };
        return new CnnVizException(id, $"{what}: {reason}.", advice, exception) { Path = path };
    }

    // The folders that a file is to lie in are made, unless one of them is a file.
    private static string? FileAbove(string? path)
    {
        for (string? folder = Path.GetDirectoryName(path); folder is { Length: > 0 }; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(folder))
            {
                return folder;
            }
        }

        return null;
    }

    /// <summary>
    /// What the system says, without the names in it: they may be those of files on their way, which the user does not know.
    /// </summary>
    public static string ReasonOf(Exception exception)
    {
        string text = ForeignFailure.FirstLine(exception);
        int name = text.IndexOf(" : '", StringComparison.Ordinal);
        text = (name < 0 ? text : text[..name]).TrimEnd('.');
        return exception is UnauthorizedAccessException ? "access is denied"
            : text.Contains('\'') ? "the system refuses it"
            : char.ToLowerInvariant(text[0]) + text[1..];
    }
}
