using TorchSharp;

namespace CnnViz.Runtimes;

/// <summary>
/// Where native libraries are looked for: beside TorchSharp, where a build in the repository lays all of them down; in the folder for this system
/// beside it, where a package has TorchSharp's own; and in the user's cache, where libtorch is installed.
/// </summary>
internal static class LibraryPlaces
{
    private static string ModuleFolder => Path.GetDirectoryName(typeof(torch).Assembly.Location)!;

    /// <summary>Whether libtorch has to be installed before it can be loaded.</summary>
    public static bool IsRuntimeMissing =>
        RuntimePackage.OfThisModule is { } package && !RuntimeCache.OfUser.Has(package) && package.Files.Any(file => FindInModule(file.Name) is null);

    /// <summary>Path of a library.</summary>
    /// <exception cref="NativeLibraryException">It is nowhere.</exception>
    public static string PathOf(string library) => FindInModule(library) ?? FindInstalled(library) ?? throw Missing(library);

    /// <summary>Says that libtorch has to be installed, and how.</summary>
    public static RuntimeMissingException NotInstalled(RuntimePackage package) => new(
        $"libtorch, which runs the networks, is not installed. Type Install-CnnRuntime; it fetches '{package}' ({package.Size}) once.",
        "Get-Help Install-CnnRuntime says where it comes from, and how it is installed without a network.");

    private static string? FindInModule(string library) =>
        new[] { Path.Combine(ModuleFolder, library), Path.Combine(ModuleFolder, "natives", TorchSystem.ThisRuntime, library) }.FirstOrDefault(File.Exists);

    private static string? FindInstalled(string library) =>
        RuntimePackage.OfThisModule is { } package && RuntimeCache.OfUser is var cache && cache.Has(package)
            && Path.Combine(cache.FolderOf(package), library) is var path && File.Exists(path) ? path : null;

    private static NativeLibraryException Missing(string library) =>
        RuntimePackage.OfThisModule is { } package && package.Files.Any(file => file.Name == library) ? NotInstalled(package)
        : new NativeLibraryException(
            $"The native library '{library}' is missing from '{ModuleFolder}'.",
            $"Build the module again for this system ({TorchSystem.ThisRuntime}), or install the package again.");
}
