using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace CnnViz.Runtimes;

/// <summary>Loads libtorch on first use, so that a library that is missing is named instead of guessed at.</summary>
internal static class NativeLibraries
{
    private static readonly object s_lock = new();
    private static Exception? s_failure;
    private static bool s_loaded;

    /// <summary>Whether installing libtorch is all that is needed before it can be loaded.</summary>
    public static bool IsRuntimeWanted => IsOurs && LibraryPlaces.IsRuntimeMissing
        && TorchSystem.Of(TorchSystem.ThisRuntime) is var system && SystemFacts.OfThisMachine(system).Problem(system.Runtime) is null;

    /// <summary>Makes sure that libtorch is there. Cheap after the first call.</summary>
    /// <exception cref="RuntimeMissingException">libtorch has not been installed.</exception>
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
                    LoadOurs();
                }
                else
                {
                    LoadOfSession();
                }

                NativeMemory.KeepFreed();
                s_loaded = true;
            }
            catch (NativeLibraryException exception) when (exception is not RuntimeMissingException)
            {
                s_failure = exception;
                throw;
            }
        }
    }

    private static void LoadOurs()
    {
        TorchSystem system = TorchSystem.Of(TorchSystem.ThisRuntime);
        SystemFacts.OfThisMachine(system).Check(system.Runtime);
        (string Name, string Path)[] libraries = [.. system.Libraries.Select(library => (library, LibraryPlaces.PathOf(library)))];
        Dictionary<string, nint> loaded = libraries.ToDictionary(library => BareName(library.Name), library => Load(library.Name, library.Path));

        // TorchSharp asks for them by their names, and they need not be beside it.
        AssemblyLoadContext.GetLoadContext(typeof(torch).Assembly)!.ResolvingUnmanagedDll +=
            (_, name) => loaded.GetValueOrDefault(BareName(name));
        TurnNnpackOff(loaded[BareName(system.MainLibrary)]);
    }

    // libtorch_cpu.so, torch_cpu.dll and torch_cpu are the same.
    private static string BareName(string name) => name.StartsWith("lib", StringComparison.Ordinal) ? BareName(name[3..]) : name.Split('.')[0];

    // On a processor that NNPACK does not know, libtorch tries it again for every small convolution, and says so each time on the
    // standard error of whoever runs the script. TorchSharp has no switch for it; where libtorch has none either, it stays on.
    private static unsafe void TurnNnpackOff(nint library)
    {
        if (NativeLibrary.TryGetExport(library, "_ZN2at13globalContextEv", out nint context)
            && NativeLibrary.TryGetExport(library, "_ZN2at7Context20setUserEnabledNNPACKEb", out nint enable))
        {
            ((delegate* unmanaged<nint, byte, void>)enable)(((delegate* unmanaged<nint>)context)(), 0);
        }
    }

    // TorchSharp may be the session's: libtorch can be in a process once.
    private static bool IsOurs => Path.GetDirectoryName(typeof(torch).Assembly.Location) == Path.GetDirectoryName(typeof(NativeLibraries).Assembly.Location);

    // Where the libraries of a session's own TorchSharp are, it knows best.
    private static void LoadOfSession()
    {
        try
        {
            torch.InitializeDeviceType(DeviceType.CPU);
            string main = Path.Combine(Path.GetDirectoryName(typeof(torch).Assembly.Location)!, TorchSystem.Of(TorchSystem.ThisRuntime).MainLibrary);
            if (NativeLibrary.TryLoad(main, out nint library))
            {
                TurnNnpackOff(library);
            }
        }
        catch (Exception exception) when (exception is NotSupportedException or DllNotFoundException or TypeInitializationException)
        {
            throw new NativeLibraryException(
                $"The session's TorchSharp in '{typeof(torch).Assembly.Location}' does not find its libtorch.",
                "Load it with its native libraries, or start a new session and use Import-TorchSharp.",
                exception);
        }
    }

    private static nint Load(string library, string path)
    {
        try
        {
            return NativeLibrary.Load(path);
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
