namespace CnnViz.Build.Natives;

/// <summary>TorchSharp's native library, and what it needs of libtorch's, directly or not; everything else of the packages is not used.</summary>
internal static class LibrarySet
{
    private static readonly string[] s_roots = ["LibTorchSharp.dll", "libLibTorchSharp.dylib", "libLibTorchSharp.so"];

    /// <summary>The libraries that are used.</summary>
    /// <param name="available">Paths of the packages' libraries for one system; other files are passed over.</param>
    /// <returns>Each after those that it needs.</returns>
    /// <exception cref="InvalidDataException">A library that is needed is neither among them nor the system's.</exception>
    public static IReadOnlyList<LibraryFile> Used(IEnumerable<string> available)
    {
        Dictionary<string, string> byName = available.GroupBy(Path.GetFileName, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key!, group => group.First(), StringComparer.OrdinalIgnoreCase);
        string root = s_roots.FirstOrDefault(byName.ContainsKey)
            ?? throw new InvalidDataException("TorchSharp's native library for this system is not in the packages.");
        var used = new List<LibraryFile>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { root };
        Add(LibraryFile.Read(byName[root]));
        return used;

        void Add(LibraryFile library)
        {
            foreach (string need in library.Needs.Where(need => need != library.InstallName && !SystemLibraries.Has(library.System, need)))
            {
                // On macOS a need is a path: one below @rpath, or that of the machine where the library was built.
                string name = need[(need.LastIndexOf('/') + 1)..];
                if (!byName.TryGetValue(name, out string? path))
                {
                    throw new InvalidDataException($"'{library.Name}' needs '{need}', which neither the packages nor {library.System} have.");
                }

                if (seen.Add(name))
                {
                    Add(LibraryFile.Read(path));
                }
            }

            used.Add(library);
        }
    }
}
