using System.Reflection;
using CnnViz.Build.Natives;

namespace CnnViz.Tests.Build.Natives;

/// <summary>The packages with native libraries, as they were restored.</summary>
internal static class RuntimePackages
{
    /// <summary>Runtime identifiers that the module can be built for.</summary>
    public static string[] Names { get; } = ["linux-x64", "osx-arm64", "win-arm64", "win-x64"];

    /// <inheritdoc cref="Names" />
    public static TheoryData<string> Runtimes => [.. Names];

    /// <summary>Paths of all native libraries for a runtime identifier.</summary>
    public static IReadOnlyList<string> Libraries(string runtime) =>
    [
        .. Directory.GetFiles(Path.Combine(Metadata("Packages"), "torchsharp", Metadata("TorchSharpVersion"), "runtimes", runtime, "native")),
        .. Directory.GetFiles(Path.Combine(Metadata("Packages"), $"libtorch-cpu-{runtime}", Metadata("LibtorchVersion"), "runtimes", runtime, "native")),
    ];

    /// <summary>The list of the packages that a package of the module has.</summary>
    public static RuntimeList List => new(Metadata("Packages"), Metadata("TorchSharpVersion"), Metadata("LibtorchVersion"));

    /// <summary>Path of libtorch's package itself.</summary>
    public static string PackageOf(string runtime) => Path.Combine(
        Metadata("Packages"), $"libtorch-cpu-{runtime}", Metadata("LibtorchVersion"), $"libtorch-cpu-{runtime}.{Metadata("LibtorchVersion")}.nupkg");

    private static string Metadata(string key) => typeof(RuntimePackages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
