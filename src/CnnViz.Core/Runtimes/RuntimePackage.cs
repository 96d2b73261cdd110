using System.Text.Json;

namespace CnnViz.Runtimes;

/// <summary>
/// The NuGet package that brings libtorch for a system, as it was when the module was packed: only this one is installed. A module that was built in the
/// repository has its libraries beside it, and no such list.
/// </summary>
/// <param name="Id">Name of the package.</param>
/// <param name="Version">Its version.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Sha512">Its SHA-512 in base 64, as NuGet has it.</param>
/// <param name="Files">What is used of it.</param>
internal sealed record RuntimePackage(string Id, string Version, long Length, string Sha512, IReadOnlyList<RuntimeFile> Files)
{
    private const string ListName = "runtimes.json";

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Lazy<RuntimePackage?> s_ofThisModule = new(() =>
        Find(Path.GetDirectoryName(typeof(RuntimePackage).Assembly.Location)!, TorchSystem.ThisRuntime));

    /// <summary>The one for this module on this machine; null where there is none to install.</summary>
    public static RuntimePackage? OfThisModule => s_ofThisModule.Value;

    /// <summary>Name of its file.</summary>
    public string FileName => $"{Id}.{Version}.nupkg".ToLowerInvariant();

    /// <summary>Its size for a reader.</summary>
    public string Size => $"{Length / 1e6:0} MB";

    /// <summary>What is used of it when it is unpacked.</summary>
    public long UnpackedLength => Files.Sum(file => file.Length);

    /// <summary>The package for a system, by the list in a module's folder.</summary>
    /// <returns>Null where there is no list, or the system is not in it.</returns>
    public static RuntimePackage? Find(string folder, string runtime)
    {
        string path = Path.Combine(folder, ListName);
        return File.Exists(path)
            ? JsonSerializer.Deserialize<Dictionary<string, RuntimePackage>>(File.ReadAllText(path), s_options)!.GetValueOrDefault(runtime)
            : null;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Id} {Version}";
}

/// <summary>A file of such a package.</summary>
/// <param name="Entry">Its path in the package.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record RuntimeFile(string Entry, long Length)
{
    /// <summary>Its name.</summary>
    public string Name => Entry[(Entry.LastIndexOf('/') + 1)..];
}
