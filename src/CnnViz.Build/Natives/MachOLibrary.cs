namespace CnnViz.Build.Natives;

/// <summary>The load commands of libraries for macOS.</summary>
/// <remarks>Layout: Apple's <c>mach-o/loader.h</c>.</remarks>
internal static class MachOLibrary
{
    private const int HeaderSize = 32;
    private const uint Load = 0xc;
    private const uint Id = 0xd;
    private const uint LoadWeakly = 0x80000018;
    private const uint Reexport = 0x8000001f;
    private const uint BuildVersion = 0x32;

    /// <inheritdoc cref="LibraryFile.Read" />
    public static LibraryFile Read(BinaryView view, string path)
    {
        var needs = new List<string>();
        string? id = null;
        Version? system = null;
        long command = HeaderSize;
        for (uint left = view.UInt32(16); left > 0; left--)
        {
            switch (view.UInt32(command))
            {
                case Load or LoadWeakly or Reexport:
                    needs.Add(Name(view, command));
                    break;
                case Id:
                    id = Name(view, command);
                    break;
                case BuildVersion:
                    uint packed = view.UInt32(command + 12);
                    system = new Version((int)(packed >> 16), (int)(packed >> 8 & 0xff));
                    break;
            }

            command += view.UInt32(command + 4);
        }

        return new LibraryFile(path, LibrarySystem.MacOS, needs) { InstallName = id ?? Path.GetFileName(path), MinimumSystem = system };
    }

    private static string Name(BinaryView view, long command) => view.Text(command + view.UInt32(command + 8));
}
