namespace CnnViz.Build.Natives;

/// <summary>Libraries that every system of a kind has, or that the module asks for by name where they are missing.</summary>
internal static class SystemLibraries
{
    // Of glibc and GCC.
    private static readonly string[] s_linux =
    [
        "libc.so.6", "libm.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2",
    ];

    private static readonly string[] s_windows =
        ["kernel32.dll", "advapi32.dll", "dbghelp.dll", "imagehlp.dll", "ole32.dll", "rpcrt4.dll", "wintrust.dll", "ws2_32.dll"];

    // Microsoft's runtime, whose versions the module checks before it loads anything.
    private static readonly string[] s_visualCpp = ["msvcp140.dll", "vcomp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"];

    private const string WindowsC = "api-ms-win-crt-";

    private static readonly string[] s_macOS = ["/usr/lib/", "/System/Library/Frameworks/"];

    /// <summary>Whether a system has a library.</summary>
    /// <param name="system">The system.</param>
    /// <param name="need">What another library asks for.</param>
    public static bool Has(LibrarySystem system, string need) => system switch
    {
        LibrarySystem.Linux => s_linux.Contains(need, StringComparer.Ordinal),
        LibrarySystem.MacOS => s_macOS.Any(folder => need.StartsWith(folder, StringComparison.Ordinal)),
        _ => IsVisualCpp(need) || s_windows.Contains(need, StringComparer.OrdinalIgnoreCase)
            || need.StartsWith(WindowsC, StringComparison.OrdinalIgnoreCase),
    };

    /// <summary>Whether a library is of Microsoft's Visual C++ runtime, which Windows does not come with.</summary>
    public static bool IsVisualCpp(string need) => s_visualCpp.Contains(need, StringComparer.OrdinalIgnoreCase);
}
