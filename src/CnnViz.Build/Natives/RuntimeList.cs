using System.Text.Json;

namespace CnnViz.Build.Natives;

/// <summary>
/// What a package of the module needs for every system: TorchSharp's own native library, which ships, and the list of libtorch's packages, which
/// Install-CnnRuntime fetches. Both are made of the packages that were restored.
/// </summary>
/// <param name="packages">NuGet's folder of packages.</param>
/// <param name="torchSharp">Version of TorchSharp.</param>
/// <param name="libtorch">Version of libtorch's packages.</param>
internal sealed class RuntimeList(string packages, string torchSharp, string libtorch)
{
    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Writes runtimes.json and natives/RUNTIME into a folder.</summary>
    /// <param name="folder">The folder; what is in natives is replaced.</param>
    /// <param name="runtimes">Runtime identifiers.</param>
    /// <exception cref="InvalidDataException">See <see cref="LibrarySet.Used" />.</exception>
    /// <exception cref="IOException">A package has not been restored.</exception>
    public void Write(string folder, IEnumerable<string> runtimes)
    {
        string natives = Path.Combine(folder, "natives");
        if (Directory.Exists(natives))
        {
            Directory.Delete(natives, recursive: true);
        }

        var list = new Dictionary<string, object>();
        foreach (string runtime in runtimes)
        {
            string own = Path.Combine(packages, "torchsharp", torchSharp, "runtimes", runtime, "native");
            string package = Path.Combine(packages, $"libtorch-cpu-{runtime}", libtorch);
            string[] available = [.. Directory.GetFiles(own), .. Directory.GetFiles(Path.Combine(package, "runtimes", runtime, "native"))];
            IReadOnlyList<LibraryFile> used = LibrarySet.Used(available);
            NativeLayout.Write(used.Where(library => library.Path.StartsWith(own, StringComparison.Ordinal)), Path.Combine(natives, runtime));
            list.Add(runtime, Describe(package, $"libtorch-cpu-{runtime}", used.Where(library => library.Path.StartsWith(package, StringComparison.Ordinal))));
        }

        File.WriteAllText(Path.Combine(folder, "runtimes.json"), JsonSerializer.Serialize(list, s_options));
    }

    private object Describe(string package, string id, IEnumerable<LibraryFile> files)
    {
        string file = Path.Combine(package, $"{id}.{libtorch}.nupkg");
        return new
        {
            Id = id,
            Version = libtorch,
            new FileInfo(file).Length,
            Sha512 = File.ReadAllText(file + ".sha512").Trim(),
            Files = files.Select(library => new
            {
                Entry = Path.GetRelativePath(package, library.Path).Replace('\\', '/'),
                new FileInfo(library.Path).Length,
            }),
        };
    }
}
