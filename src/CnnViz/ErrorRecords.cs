using System.Management.Automation;

namespace CnnViz;

/// <summary>Every error record that the cmdlets write is made here.</summary>
internal static class ErrorRecords
{
    /// <summary>An error record with a stable id, a fitting category, the target, and advice.</summary>
    /// <param name="exception">What failed, here or in a library.</param>
    /// <param name="target">What was worked on; a file that the failure itself names comes before it.</param>
    public static ErrorRecord ToErrorRecord(this Exception exception, object? target)
    {
        exception = ForeignFailure.Innermost(exception);
        if (exception is WildcardPatternException pattern)
        {
            return Wildcards.Invalid($"{target}", pattern).ToErrorRecord(target);
        }

        if (exception is IContainsErrorRecord { ErrorRecord: { } known })
        {
            // PowerShell's own, such as a drive that does not exist.
            return new ErrorRecord(exception, known.FullyQualifiedErrorId, known.CategoryInfo.Category, target ?? known.TargetObject);
        }

        CnnVizException failure = ForeignFailure.Translate(exception, target as string);
        string message = VisibleText.Of(failure.Message.Split('\n', 2)[0].TrimEnd('\r'));
        message = failure.Details is { } details ? $"{message}\n{details}" : message;
        return new ErrorRecord(failure, failure.ErrorId, CategoryOf(failure), failure.Path ?? target)
        {
            ErrorDetails = new ErrorDetails(message) { RecommendedAction = failure.Advice ?? string.Empty },
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

    /// <summary>Does something; if it fails, that is an error of the cmdlet, which goes on.</summary>
    /// <param name="cmdlet">The cmdlet.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="action">What to do.</param>
    public static void Try(this Cmdlet cmdlet, object? target, Action action)
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

    /// <summary>
    /// Whether an exception is a failure, of whatever library, that becomes an error record. PowerShell's own go on: they end pipelines, or are
    /// those of the cmdlets behind this one; only what its providers cannot find is a failure like ours.
    /// </summary>
    public static bool IsExpected(this Exception exception) =>
        exception is not OperationCanceledException
        && (exception.GetType().Assembly != typeof(PSObject).Assembly || exception is SessionStateException or ProviderInvocationException or WildcardPatternException);

    private static ErrorCategory CategoryOf(CnnVizException exception) => exception switch
    {
        NativeLibraryException => ErrorCategory.NotInstalled,
        _ => exception.ErrorId switch
        {
            "ModelNotFound" or "LayerNotFound" or "LayerKindNotFound" or "ClassNotFound" or "PathNotFound" => ErrorCategory.ObjectNotFound,
            "PictureNotFound" or "PictureModelNotFound" => ErrorCategory.ObjectNotFound,
            "PublishedModelNotFound" or "ModelNotCached" or "DownloadNotFound" => ErrorCategory.ObjectNotFound,
            "DownloadFailed" or "DownloadInterrupted" or "DownloadRefused" or "RuntimeNotFound" => ErrorCategory.ConnectionError,
            "DownloadSizeMismatch" or "DownloadHashMismatch" or "RuntimeHashMismatch" => ErrorCategory.InvalidData,
            "DownloadBusy" or "FolderBusy" or "RuntimeInUse" or "RuntimeFilesRemain" => ErrorCategory.ResourceBusy,
            "ModelAddressUnsafe" => ErrorCategory.SecurityError,
            "PlanNotFound" or "PlanModelNotFound" => ErrorCategory.ObjectNotFound,
            "PictureFactsInvalid" or "PictureSizeMismatch" or "PlanInvalid" => ErrorCategory.InvalidData,
            "FileExists" or "FileNameTaken" or "PlanFolderTaken" => ErrorCategory.ResourceExists,
            "DeviceNotAvailable" or "OutOfMemory" => ErrorCategory.ResourceUnavailable,
            "AccessDenied" => ErrorCategory.PermissionDenied,
            "DiskFull" or "FileNotWritten" or "FileNotReplaced" or "FileIsFolder" or "FileIsNoFolder" => ErrorCategory.WriteError,
            "FileNotRead" => ErrorCategory.ReadError,
            "AtlasDamaged" => ErrorCategory.InvalidData,
            "AtlasFull" => ErrorCategory.LimitsExceeded,
            "NotAnAtlas" => ErrorCategory.ResourceExists,
            "ModelDisposed" or "NoModel" or "NoLayer" or "NoPicture" => ErrorCategory.InvalidOperation,
            nameof(ObjectDisposedException) => ErrorCategory.InvalidOperation,
            "UnsupportedOperator" => ErrorCategory.NotImplemented,
            "LibtorchFailed" or "UnexpectedFailure" => ErrorCategory.InvalidResult,
            _ => exception is ModelFormatException ? ErrorCategory.InvalidData : ErrorCategory.InvalidArgument,
        },
    };
}
