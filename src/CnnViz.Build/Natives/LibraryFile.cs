namespace CnnViz.Build.Natives;

/// <summary>What a native library says of itself.</summary>
/// <param name="Path">Path of its file.</param>
/// <param name="System">The system that it is made for.</param>
/// <param name="Needs">Libraries that the system's loader looks for when it is loaded: names, or on macOS paths.</param>
internal sealed record LibraryFile(string Path, LibrarySystem System, IReadOnlyList<string> Needs)
{
    private const uint ElfMagic = 0x464c457f;
    private const uint MachOMagic = 0xfeedfacf;
    private const ushort PeMagic = 0x5a4d;

    /// <summary>The file's name.</summary>
    public string Name => global::System.IO.Path.GetFileName(Path);

    /// <summary>The name or path by which others ask for it; its file's name where it has no other.</summary>
    public string InstallName { get; init; } = global::System.IO.Path.GetFileName(Path);

    /// <summary>Symbol versions without which it does not load, such as <c>GLIBC_2.34</c>; Linux only.</summary>
    public IReadOnlyList<string> Versions { get; init; } = [];

    /// <summary>The oldest version of the system that it is made for; macOS only.</summary>
    public Version? MinimumSystem { get; init; }

    /// <summary>Reads a library for Windows, macOS or Linux.</summary>
    /// <param name="path">Path of a 64-bit PE, Mach-O or ELF file.</param>
    /// <exception cref="InvalidDataException">It is none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LibraryFile Read(string path)
    {
        using var view = new BinaryView(path);
        return view.UInt32(0) switch
        {
            ElfMagic => new ElfLibrary(view).ToFile(path),
            MachOMagic => MachOLibrary.Read(view, path),
            var magic when (ushort)magic == PeMagic => PeLibrary.Read(path),
            _ => throw new InvalidDataException($"'{path}' is no 64-bit PE, Mach-O or ELF file."),
        };
    }
}

/// <summary>Systems that native libraries are made for.</summary>
internal enum LibrarySystem
{
    /// <summary>PE files.</summary>
    Windows,

    /// <summary>Mach-O files.</summary>
    MacOS,

    /// <summary>ELF files.</summary>
    Linux,
}
