using System.Globalization;
using System.Runtime.InteropServices;

namespace CnnViz.Tests.Import.Weights;

/// <summary>
/// By how much the process grew since this was made, at its largest. On Linux that is what was resident; elsewhere, and where the
/// system does not let its record be reset, what the runtime allocated.
/// </summary>
internal sealed class MemoryWatch
{
    private const string Reset = "/proc/self/clear_refs";

    private readonly long _allocated = GC.GetTotalAllocatedBytes(precise: true);
    private readonly long? _resident;

    public MemoryWatch()
    {
        // What was freed and is still resident would be used again unseen.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive);
        try
        {
            _ = ReleaseFreed(0);
            File.WriteAllText(Reset, "5");
            _resident = Status("VmRSS:");
        }
        catch (Exception exception) when (
            exception is IOException or UnauthorizedAccessException or DllNotFoundException or EntryPointNotFoundException)
        {
            // Not Linux with the GNU C library, or not allowed.
        }
    }

    /// <summary>Bytes.</summary>
    public long Growth => _resident is { } resident
        ? Status("VmHWM:") - resident
        : GC.GetTotalAllocatedBytes(precise: true) - _allocated;

    /// <summary>Whether <see cref="Growth"/> is of what was resident, tensors included.</summary>
    public bool SeesTensors => _resident is not null;

    [DllImport("libc", EntryPoint = "malloc_trim")]
    private static extern int ReleaseFreed(nuint pad);

    private static long Status(string field) => 1024 * long.Parse(
        File.ReadLines("/proc/self/status").Single(line => line.StartsWith(field, StringComparison.Ordinal)).Split(' ')[^2],
        CultureInfo.InvariantCulture);
}
