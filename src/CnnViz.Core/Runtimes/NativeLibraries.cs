using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnViz.Runtimes;

/// <summary>Loads libtorch on first use, so that a library that is missing is named instead of guessed at.</summary>
internal static class NativeLibraries
{
    private static readonly object s_lock = new();
    private static Exception? s_failure;
    private static bool s_loaded;

    /// <summary>Makes sure that libtorch is there. Cheap after the first call.</summary>
    /// <exception cref="NativeLibraryException">A library is missing or cannot be loaded on this system; final for the process.</exception>
    public static void EnsureLoaded()
    {
        lock (s_lock)
        {
            if (s_loaded)
            {
                return;
            }

            if (s_failure is not null)
            {
                throw s_failure;
            }

            try
            {
                // Left to itself, TorchSharp would search the NuGet cache after a failure, copy what it finds, and report a
                // missing package whatever the cause.
                if (IsOurs)
                {
                    TorchSystem system = TorchSystem.Of(TorchSystem.ThisRuntime);
                    SystemFacts.OfThisMachine(system).Check(system.Runtime);
                    system.Libraries.ToList().ForEach(Load);
                }
                else
                {
                    LoadOfSession();
                }

                TurnNnpackOff();
                NativeMemory.KeepFreed();
                s_loaded = true;
            }
            catch (NativeLibraryException exception)
            {
                s_failure = exception;
                throw;
            }
        }
    }

    // On a processor that NNPACK does not know, libtorch tries it again for every small convolution, and says so each time on the
    // standard error of whoever runs the script. TorchSharp has no switch for it; where libtorch has none either, it stays on.
    private static unsafe void TurnNnpackOff()
    {
        if (NativeLibrary.TryLoad(PathOf(TorchSystem.Of(TorchSystem.ThisRuntime).MainLibrary), out nint library)
            && NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context)
            && NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out nint enable))
        {
            ((delegate* unmanaged<nint, byte, void>)enable)(((delegate* unmanaged<nint>)context)(), 0);
        }
    }

    // Beside TorchSharp, which may be the session's: libtorch can be in a process once.
    private static string PathOf(string library) => Path.Combine(Path.GetDirectoryName(typeof(torch).Assembly.Location)!, library);

    private static bool IsOurs => Path.GetDirectoryName(typeof(torch).Assembly.Location) == Path.GetDirectoryName(typeof(NativeLibraries).Assembly.Location);

    // Where the libraries of a session's own TorchSharp are, it knows best.
    private static void LoadOfSession()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
        }
        catch (Exception exception) when (exception is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new NativeLibraryException(
                $"The session's TorchSharp in '{typeof(torch).Assembly.Location}' does not find its libtorch.",
                "Load it with its native libraries, or start a new session and use Import-TorchSharp.",
                exception);
        }
    }

    private static void Load(string library)
    {
        string path = PathOf(library);
        if (!File.Exists(path))
        {
            throw new NativeLibraryException(
                $"The native library '{library}' is missing from '{Path.GetDirectoryName(path)}'.",
                $"Build the module again for this system ({RuntimeInformation.RuntimeIdentifier}), or take the package made for it.");
        }

        try
        {
            NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            string reason = Reason(exception.Message, path);
            throw new NativeLibraryException(
                $"This system cannot load '{library}': {reason}",
                Advice,
                exception);
        }
    }

    private static string Advice =>
        OperatingSystem.IsWindows() ? "The file may be damaged or made for another processor: build the module again, or take the package again."
        : OperatingSystem.IsMacOS() ? $"The message names what is missing; CnnViz needs macOS {SystemFacts.OldestMacOS.Major} or newer on Apple silicon."
        : $"The message names the library or symbol version that is missing; CnnViz needs glibc {SystemFacts.OldestGlibc} and the C++ library of GCC 12, or newer.";

    // The runtime wraps what the system's loader says in advice of its own, and lists every name that it tried.
    private static string Reason(string message, string path)
    {
        string[] lines = [.. message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        string[] telling = ["not found (required", "undefined symbol", "cannot open shared object", "invalid ELF", "image not found"];
        return lines.FirstOrDefault(line => telling.Any(line.Contains) && !line.StartsWith(path + ".so", StringComparison.Ordinal))
            ?? lines[^1];
    }
}
