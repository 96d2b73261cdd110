using System.Diagnostics;
using System.Runtime.InteropServices;

namespace CnnViz.Runtimes;

/// <summary>What decides whether a system can load libtorch, apart from its processor.</summary>
/// <param name="IsMusl">Whether its C library is musl.</param>
/// <param name="Glibc">Version of glibc; null where there is none.</param>
/// <param name="MacOS">Version of macOS; null elsewhere.</param>
/// <param name="VisualCpp">Versions of the libraries of Microsoft's Visual C++ runtime, null for one that is missing; empty outside Windows.</param>
internal sealed partial record SystemFacts(bool IsMusl, Version? Glibc, Version? MacOS, IReadOnlyDictionary<string, Version?> VisualCpp)
{
    /// <summary>The oldest glibc with the symbol versions that the libraries ask for.</summary>
    public static readonly Version OldestGlibc = new(2, 34);

    /// <summary>The newest symbol version of the C++ library that they ask for: that of GCC 12.</summary>
    public const string CppVersion = "GLIBCXX_3.4.30";

    /// <summary>The macOS that they are built for.</summary>
    public static readonly Version OldestMacOS = new(15, 0);

    // Older ones are found, and fail while c10.dll is loaded (error 0x800703E6).
    private static readonly Version s_oldestVisualCpp = new(14, 40);

    /// <summary>This machine's.</summary>
    /// <param name="system">The kind of system that it is.</param>
    public static SystemFacts OfThisMachine(TorchSystem system) => new(
        RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
            || RuntimeInformation.RuntimeIdentifier.StartsWith("alpine", StringComparison.Ordinal),
        OperatingSystem.IsLinux() ? FindGlibc() : null,
        OperatingSystem.IsMacOS() ? Environment.OSVersion.Version : null,
        system.VisualCpp.ToDictionary(name => name, FindLibrary));

    /// <summary>Looks whether the system can load libtorch.</summary>
    /// <param name="runtime">Its runtime identifier.</param>
    /// <exception cref="NativeLibraryException">It cannot; the message says what is missing.</exception>
    public void Check(string runtime)
    {
        if (Problem(runtime) is { } problem)
        {
            throw problem;
        }
    }

    /// <summary>What keeps the system from loading libtorch; null if nothing does.</summary>
    /// <param name="runtime">Its runtime identifier.</param>
    public NativeLibraryException? Problem(string runtime)
    {
        if (IsMusl)
        {
            return new NativeLibraryException(
                "This system's C library is musl, and libtorch is built for glibc.",
                $"Use a system with glibc {OldestGlibc} or newer, such as Debian 12, Ubuntu 22.04 or Fedora.");
        }

        if (Glibc is not null && Glibc < OldestGlibc)
        {
            return new NativeLibraryException(
                $"This system's glibc is {Glibc}, and libtorch needs {OldestGlibc} or newer.", "Use a newer system, such as Debian 12, Ubuntu 22.04 or Fedora.");
        }

        if (MacOS is not null && MacOS < OldestMacOS)
        {
            return new NativeLibraryException($"This is macOS {MacOS}, and libtorch needs {OldestMacOS.Major} or newer.", "Update macOS.");
        }

        foreach ((string name, Version? version) in VisualCpp)
        {
            if (version is null || version < s_oldestVisualCpp)
            {
                string architecture = runtime.EndsWith("arm64", StringComparison.Ordinal) ? "arm64" : "x64";
                return new NativeLibraryException(
                    version is null ? $"Microsoft's Visual C++ runtime is not installed: '{name}' is missing."
                        : $"Microsoft's Visual C++ runtime is too old: '{name}' has version {version}, and libtorch needs {s_oldestVisualCpp} or newer.",
                    $"Install the Visual C++ Redistributable for Visual Studio 2015-2022 ({architecture}), "
                        + $"https://aka.ms/vs/17/release/vc_redist.{architecture}.exe, and start a new session.");
            }
        }

        return null;
    }

    private static Version? FindGlibc()
    {
        try
        {
            return Version.TryParse(Marshal.PtrToStringAnsi(GetGlibcVersion()), out Version? version) ? version : null;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    // Where Windows finds it; the process may have loaded another one before.
    private static Version? FindLibrary(string name)
    {
        if (!NativeLibrary.TryLoad(name, out _))
        {
            return null;
        }

        using var process = Process.GetCurrentProcess();
        return process.Modules.Cast<ProcessModule>().FirstOrDefault(module => module.ModuleName.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } found
            ? new Version(found.FileVersionInfo.FileMajorPart, found.FileVersionInfo.FileMinorPart)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    private static partial nint GetGlibcVersion();
}
