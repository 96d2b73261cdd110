using System.Runtime.InteropServices;

namespace CnnViz.Ascent;

/// <summary>
/// A fault of TorchSharp 0.107: it does not keep the scalar that it makes of a number while libtorch reads it. Where another thread's
/// allocations set off a garbage collection at that moment, the operation finds something else in its place and fails.
/// </summary>
internal static class FreedScalar
{
    // What c10::Scalar says when its tag is none that it knows.
    private static readonly string[] s_complaints = ["Unknown scalar type", "Scalar.h"];

    /// <summary>Whether an operation failed for that reason, so that it may succeed when it is tried again.</summary>
    public static bool IsCauseOf(ExternalException exception) =>
        s_complaints.Any(complaint => exception.Message.Contains(complaint, StringComparison.Ordinal));

    /// <summary>Does something and, where it fails for that reason, does it once more.</summary>
    public static T Repeat<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException exception) when (IsCauseOf(exception))
        {
            return work();
        }
    }
}
