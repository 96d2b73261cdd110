using System.Runtime.InteropServices;

namespace CnnViz;

/// <summary>How the system's C library gives memory to libtorch.</summary>
internal static class NativeMemory
{
    // Parameters of mallopt, from glibc's malloc.h.
    private const int TrimThreshold = -1;
    private const int MapThreshold = -3;

    // What one step of a batch needs, and less than what a machine would miss.
    private const int Large = 1 << 30;

    // The most that older versions take.
    private const int LargeOnce = 32 << 20;

    /// <summary>
    /// Keeps what a step frees for the next one. Left to itself, glibc asks the system for every large tensor and gives it back at once; the
    /// system then has to clear the same pages again at every layer of every step, which takes a third of the time of an ascent. Other C
    /// libraries are left alone.
    /// </summary>
    public static unsafe void KeepFreed()
    {
        if (OperatingSystem.IsLinux()
            && NativeLibrary.TryLoad("libc.so.6", out nint library)
            && NativeLibrary.TryGetExport(library, "mallopt", out nint mallopt))
        {
            var set = (delegate* unmanaged<int, int, int>)mallopt;
            if (set(MapThreshold, Large) == 0)
            {
                _ = set(MapThreshold, LargeOnce);
            }

            _ = set(TrimThreshold, Large);
        }
    }
}
