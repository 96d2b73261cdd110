namespace CnnViz.Build.Natives;

/// <summary>Lays native libraries down flat beside the assemblies: those that are used, each whole or not at all.</summary>
internal static class NativeLayout
{
    // GCC 13's name for a static initializer. TorchSharp's library asks for it without using it, which keeps systems with GCC 12
    // from loading it at all.
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <summary>Copies the libraries that are used into a folder, where they are not there already.</summary>
    /// <param name="available">Paths of the packages' libraries.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>Number of files written.</returns>
    /// <exception cref="InvalidDataException">See <see cref="LibrarySet.Used" />.</exception>
    public static int LayDown(IEnumerable<string> available, string folder) => Write(LibrarySet.Used(available), folder);

    /// <summary>Copies libraries into a folder, where they are not there already.</summary>
    /// <param name="libraries">The libraries.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>Number of files written.</returns>
    public static int Write(IEnumerable<LibraryFile> libraries, string folder)
    {
        Directory.CreateDirectory(folder);
        int written = 0;
        foreach (LibraryFile library in libraries)
        {
            string target = Path.Combine(folder, library.Name);
            if (File.Exists(target) && File.GetLastWriteTimeUtc(target) == File.GetLastWriteTimeUtc(library.Path)
                && new FileInfo(target).Length == new FileInfo(library.Path).Length)
            {
                continue;
            }

            Write(library, target);
            written++;
        }

        return written;
    }

    private static void Write(LibraryFile library, string target)
    {
        string temporary = target + ".part";
        File.Copy(library.Path, temporary, overwrite: true);
        if (library.Versions.Contains(UnusedVersion))
        {
            using var view = new BinaryView(temporary, writable: true);
            new ElfLibrary(view).MarkWeak(UnusedVersion);
        }

        File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(library.Path));
        File.Move(temporary, target, overwrite: true);
    }
}
