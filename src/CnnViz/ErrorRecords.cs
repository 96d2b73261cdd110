using System.Management.Automation;

namespace CnnViz;

/// <summary>Every error record that the cmdlets write is made here.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record with a stable id, a fitting category, the target, and advice.</summary>
    public static ErrorRecord ToErrorRecord(this Exception exception, object? target)
    {
        string id = (exception as CnnVizException)?.ErrorId ?? exception.GetType().Name;
        string message = exception.Message.Split('\n', 2)[0].TrimEnd('\r');
        message = exception is CnnVizException { Details: { } details } ? $"{message}\n{details}" : message;
        return new ErrorRecord(exception, id, CategoryOf(exception), target)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = (exception as CnnVizException)?.Advice ?? string.Empty },
        };
    }

    /// <summary>The error for a file that is kept because nobody said to replace it.</summary>
    public static ErrorRecord FileExists(string path) => new CnnVizException(
        "FileExists", $"The file '{path}' already exists.", "Use -Force to replace it.").ToErrorRecord(path);

    /// <summary>The error for a file that is not there.</summary>
    public static ErrorRecord PathNotFound(string path) => new CnnVizException(
        "PathNotFound", $"There is no file '{path}'.", "Check the path.").ToErrorRecord(path);

    /// <summary>The error for a path that is not in the file system.</summary>
    public static ErrorRecord NotFileSystem(string path) => new CnnVizException(
        "NotFileSystem", $"'{path}' is not a path of the file system.", "Give a file or a folder.").ToErrorRecord(path);

    /// <summary>Does something; if it fails for a reason of one input, that is an error of the cmdlet, which goes on.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="action">What to do.</param>
    public static void Try(this Cmdlet cmdlet, object target, Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception.IsExpected())
        {
            cmdlet.WriteError(exception.ToErrorRecord(target));
        }
    }

    /// <summary>Whether an exception says something about one input rather than about a mistake of ours.</summary>
    public static bool IsExpected(this Exception exception) =>
        exception is CnnVizException or IOException or UnauthorizedAccessException or ObjectDisposedException;

    private static ErrorCategory CategoryOf(Exception exception) => exception switch
    {
        CnnVizException { ErrorId: "ModelNotFound" or "LayerNotFound" or "LayerKindNotFound" or "ClassNotFound" or "PathNotFound" } => ErrorCategory.ObjectNotFound,
        CnnVizException { ErrorId: "PictureNotFound" or "PictureModelNotFound" } => ErrorCategory.ObjectNotFound,
        CnnVizException { ErrorId: "PublishedModelNotFound" or "ModelNotCached" or "DownloadNotFound" } => ErrorCategory.ObjectNotFound,
        CnnVizException { ErrorId: "DownloadFailed" or "DownloadInterrupted" or "DownloadRefused" } => ErrorCategory.ConnectionError,
        CnnVizException { ErrorId: "DownloadSizeMismatch" or "DownloadHashMismatch" } => ErrorCategory.InvalidData,
        CnnVizException { ErrorId: "DownloadBusy" or "FolderBusy" } => ErrorCategory.ResourceBusy,
        CnnVizException { ErrorId: "ModelAddressUnsafe" } => ErrorCategory.SecurityError,
        CnnVizException { ErrorId: "PictureFactsInvalid" or "PictureSizeMismatch" } => ErrorCategory.InvalidData,
        CnnVizException { ErrorId: "RuntimeNotFound" } => ErrorCategory.ConnectionError,
        CnnVizException { ErrorId: "RuntimeHashMismatch" } => ErrorCategory.InvalidData,
        CnnVizException { ErrorId: "RuntimeInUse" } => ErrorCategory.ResourceBusy,
        CnnVizException { ErrorId: "FileNotReplaced" } => ErrorCategory.WriteError,
        CnnVizException { ErrorId: "FileExists" } => ErrorCategory.ResourceExists,
        CnnVizException { ErrorId: "DeviceNotAvailable" } => ErrorCategory.ResourceUnavailable,
        CnnVizException { ErrorId: "AtlasDamaged" } => ErrorCategory.InvalidData,
        CnnVizException { ErrorId: "AtlasFull" } => ErrorCategory.LimitsExceeded,
        CnnVizException { ErrorId: "NotAnAtlas" } => ErrorCategory.ResourceExists,
        CnnVizException { ErrorId: "ModelDisposed" or "NoModel" or "NoLayer" or "NoPicture" } => ErrorCategory.InvalidOperation,
        CnnVizException { ErrorId: "UnsupportedOperator" } => ErrorCategory.NotImplemented,
        NativeLibraryException => ErrorCategory.NotInstalled,
        ModelFormatException => ErrorCategory.InvalidData,
        CnnVizException => ErrorCategory.InvalidArgument,
        UnauthorizedAccessException => ErrorCategory.PermissionDenied,
        IOException => ErrorCategory.WriteError,
        _ => ErrorCategory.NotSpecified,
    };
}
