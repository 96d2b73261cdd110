using System.Runtime.InteropServices;

namespace CnnViz.Runtimes;

/// <summary>A kind of system that libtorch is published for.</summary>
/// <param name="Runtime">.NET's identifier of it, such as <c>linux-x64</c>.</param>
/// <param name="Libraries">
/// TorchSharp's native library and what it needs, each after those that it needs itself. Loaded in this order, they find each other: by their
/// names, or on macOS by the path that libtorch expects of OpenMP's.
/// </param>
internal sealed record TorchSystem(string Runtime, IReadOnlyList<string> Libraries)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<TorchSystem> All { get; } =
    [
        new("linux-x64", ["libc10.so", "libgomp-98b21ff3.so.1", "libtorch_cpu.so", "libtorch.so", "libLibTorchSharp.so"]),
        new("osx-arm64", ["libc10.dylib", "libomp.dylib", "libtorch_cpu.dylib", "libtorch.dylib", "libLibTorchSharp.dylib"]),
        new("win-arm64", ["c10.dll", "armpl_lp64.dll", "torch_cpu.dll", "LibTorchSharp.dll"])
        {
            VisualCpp = ["msvcp140.dll", "vcomp140.dll", "vcruntime140.dll"],
        },
        new("win-x64", ["c10.dll", "libiomp5md.dll", "torch_cpu.dll", "LibTorchSharp.dll"])
        {
            VisualCpp = ["msvcp140.dll", "vcruntime140.dll", "vcruntime140_1.dll"],
        },
    ];

    /// <summary>What they need of Microsoft's Visual C++ runtime.</summary>
    public IReadOnlyList<string> VisualCpp { get; private init; } = [];

    /// <summary>libtorch's main library.</summary>
    public string MainLibrary => Libraries.Single(library => library.Contains("torch_cpu", StringComparison.Ordinal));

    /// <summary>This machine's identifier, whether it is one of them or not.</summary>
    public static string ThisRuntime { get; } =
        (OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")
        + $"-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The one with an identifier.</summary>
    /// <exception cref="NativeLibraryException">There is no libtorch for it.</exception>
    public static TorchSystem Of(string runtime) => All.FirstOrDefault(system => system.Runtime == runtime) ?? throw new NativeLibraryException(
        $"There is no libtorch for {runtime}.", $"CnnViz runs on {string.Join(", ", All.Select(system => system.Runtime))}.");
}
