using System.Reflection;
using System.Runtime.InteropServices;

namespace CnnViz;

/// <summary>What failures of libraries and of the system mean to the user: the one place where they become failures of ours.</summary>
public static class ForeignFailure
{
    private static readonly string[] s_outOfMemory = ["not enough memory", "can't allocate memory", "out of memory", "bad_alloc", "bad allocation"];

    /// <summary>A failure as one of ours: a stable id, the first line of what it says, and advice. One of ours stays as it is.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="path">The file that was being read, if there is one.</param>
    public static CnnVizException Translate(Exception exception, string? path = null) => Innermost(exception) switch
    {
        CnnVizException own => own,
        { } cause when IsOutOfMemory(cause) => new CnnVizException(
            "OutOfMemory",
            "There is not enough memory.",
            "Use a smaller -Size or -TileSize, or fewer pictures at once (-BatchSize, -MemoryLimit).",
            cause),
        ArgumentException { ParamName: "path" } invalid => new CnnVizException(
            "PathInvalid", $"It is no path: {FirstLine(invalid).Split(" (", 2)[0].TrimEnd('.')}.", "Give another path.", invalid) { Path = path },
        IOException or UnauthorizedAccessException => FileFailure.Of(Innermost(exception), path, isWritten: false),
        ObjectDisposedException disposed => new CnnVizException(
            nameof(ObjectDisposedException), $"It was disposed, and has no data any more: {NameOf(disposed)}.", "Make or import it again.", disposed),
        ExternalException native => new CnnVizException("LibtorchFailed", $"libtorch failed: {FirstLine(native)}", Advice, native),
        var other => new CnnVizException("UnexpectedFailure", $"{other.GetType().Name}: {FirstLine(other)}", Advice, other),
    };

    /// <summary>Whether a failure says that there is no memory left.</summary>
    internal static bool IsOutOfMemory(Exception exception) =>
        exception is OutOfMemoryException
        || (exception is ExternalException && s_outOfMemory.Any(words => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The first line of what a failure says; libtorch's are long.</summary>
    internal static string FirstLine(Exception exception) => exception.Message.Split('\n', 2)[0].Trim();

    private static string Advice => "This should not happen with any input. Get-Error shows all of it.";

    private static string NameOf(ObjectDisposedException exception) => exception.ObjectName.Length > 0 ? exception.ObjectName.Split('.')[^1] : "the object";

    /// <summary>What really failed, where somebody wrapped it.</summary>
    internal static Exception Innermost(Exception exception) =>
        exception is TargetInvocationException or AggregateException or TypeInitializationException && exception.InnerException is { } inner
            ? Innermost(inner)
            : exception;
}
