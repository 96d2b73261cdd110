namespace CnnViz.Build;

/// <summary>Lays native libraries down flat beside the assemblies: those that are used, each whole or not at all.</summary>
internal static class NativeLayout
{
    // Parts of libtorch for Python, for tests of PyTorch itself, and for phones.
    private static readonly string[] s_unused =
        ["torch_python", "torchbind_test", "jitbackend_test", "backend_with_compiler", "aoti_custom_ops", "nnapi_backend", "shm", "torch_global_deps"];

    // GCC 13's name for a static initializer. TorchSharp's library asks for it without using it, which keeps systems with GCC 12
    // from loading it at all.
    private const string UnusedVersion = "GLIBCXX_3.4.32";

    /// <summary>Copies the libraries that are used into a folder, where they are not there already.</summary>
    /// <param name="libraries">Paths of native libraries.</param>
    /// <param name="folder">The folder.</param>
    /// <returns>Number of files written.</returns>
    public static int LayDown(IEnumerable<string> libraries, string folder)
    {
        Directory.CreateDirectory(folder);
        int written = 0;
        foreach (string library in libraries.Where(IsUsed))
        {
            string target = Path.Combine(folder, Path.GetFileName(library));
            if (File.Exists(target) && File.GetLastWriteTimeUtc(target) == File.GetLastWriteTimeUtc(library)
                && new FileInfo(target).Length == new FileInfo(library).Length)
            {
                continue;
            }

            Write(library, target);
            written++;
        }

        return written;
    }

    /// <summary>Whether CnnViz uses a library.</summary>
    public static bool IsUsed(string library)
    {
        string name = Path.GetFileName(library);
        name = name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
        bool isLibrary = name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dll", StringComparison.Ordinal)
            || name.EndsWith(".dylib", StringComparison.Ordinal);
        return isLibrary && !s_unused.Contains(name[..name.IndexOf('.', StringComparison.Ordinal)]);
    }

    private static void Write(string library, string target)
    {
        string temporary = target + ".part";
        if (Path.GetFileName(library) == "libLibTorchSharp.so")
        {
            byte[] image = File.ReadAllBytes(library);
            new ElfVersionNeeds(image).MarkWeak(UnusedVersion);
            File.WriteAllBytes(temporary, image);
        }
        else
        {
            File.Copy(library, temporary, overwrite: true);
        }

        File.SetLastWriteTimeUtc(temporary, File.GetLastWriteTimeUtc(library));
        File.Move(temporary, target, overwrite: true);
    }
}
