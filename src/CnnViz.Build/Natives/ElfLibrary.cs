namespace CnnViz.Build.Natives;

/// <summary>
/// What a 64-bit little-endian ELF library asks for: other libraries, symbol versions, and the symbols that ask for them. A version that no
/// relocation uses can be marked weak, so that a system without it still loads the library.
/// </summary>
/// <remarks>
/// Layout: "System V ABI", chapters 4 and 5, and the GNU symbol versioning extension (.gnu.version, .gnu.version_r).
/// </remarks>
internal sealed class ElfLibrary
{
    private const int SectionHeaderSize = 64;
    private const int DynamicSize = 16;
    private const int SymbolSize = 24;
    private const int RelocationSize = 24;
    private const uint RelocationSection = 4;
    private const uint Dynamic = 6;
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionSymbols = 0x6fffffff;
    private const long Needed = 1;
    private const long OwnName = 14;
    private const ushort WeakFlag = 2;

    private readonly BinaryView _view;
    private readonly List<Section> _sections;

    /// <param name="view">The library's bytes; <see cref="MarkWeak"/> changes them.</param>
    /// <exception cref="InvalidDataException">It is no 64-bit little-endian ELF file.</exception>
    public ElfLibrary(BinaryView view)
    {
        _view = view;
        if (view.UInt32(0) != 0x464c457f || view.UInt16(4) != 0x0102)
        {
            throw new InvalidDataException("This is no 64-bit little-endian ELF file.");
        }

        _sections = [.. ReadSections()];
    }

    /// <summary>What the library says of itself.</summary>
    /// <param name="path">Path of its file.</param>
    public LibraryFile ToFile(string path) => new(path, LibrarySystem.Linux, [.. DynamicTexts(Needed)])
    {
        InstallName = DynamicTexts(OwnName).FirstOrDefault() ?? Path.GetFileName(path),
        Versions = [.. Needs().Where(need => !need.IsWeak).Select(need => need.Version).Distinct()],
    };

    /// <summary>Marks a version weak if it is asked for, strongly, and no relocation uses a symbol of it.</summary>
    /// <param name="version">Such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>True if the library was changed.</returns>
    /// <exception cref="InvalidDataException">A relocation uses a symbol of that version.</exception>
    public bool MarkWeak(string version)
    {
        if (Needs().FirstOrDefault(need => need.Version == version) is not { } need || need.IsWeak)
        {
            return false;
        }

        HashSet<uint> symbols = SymbolsOf(need.Index);
        if (RelocatedSymbols().FirstOrDefault(symbols.Contains) is > 0 and var used)
        {
            throw new InvalidDataException($"{version} is really needed: a relocation uses '{SymbolName(used)}'.");
        }

        _view.Write(need.FlagsOffset, (ushort)(_view.UInt16(need.FlagsOffset) | WeakFlag));
        return true;
    }

    private IEnumerable<VersionNeed> Needs()
    {
        foreach (Section section in _sections.Where(section => section.Type == VersionNeeds))
        {
            Section strings = _sections[(int)section.Link];
            long file = section.Offset;
            for (uint left = section.Info; left > 0; left--)
            {
                long entry = file + _view.UInt32(file + 8);
                for (ushort count = _view.UInt16(file + 2); count > 0; count--)
                {
                    bool isWeak = (_view.UInt16(entry + 4) & WeakFlag) != 0;
                    yield return new VersionNeed(Text(strings, _view.UInt32(entry + 8)), entry + 4, _view.UInt16(entry + 6), isWeak);
                    entry += _view.UInt32(entry + 12);
                }

                file += _view.UInt32(file + 12);
            }
        }
    }

    private IEnumerable<string> DynamicTexts(long tag) =>
        from section in _sections
        where section.Type == Dynamic
        from entry in Entries(section, DynamicSize)
        where _view.Int64(entry) == tag
        select Text(_sections[(int)section.Link], _view.Int64(entry + 8));

    private HashSet<uint> SymbolsOf(ushort versionIndex)
    {
        Section versions = _sections.First(section => section.Type == VersionSymbols);
        return [.. Entries(versions, sizeof(ushort))
            .Select((entry, symbol) => (Version: _view.UInt16(entry) & 0x7fff, Symbol: (uint)symbol))
            .Where(pair => pair.Version == versionIndex)
            .Select(pair => pair.Symbol)];
    }

    private IEnumerable<uint> RelocatedSymbols() =>
        from section in _sections
        where section.Type == RelocationSection
        from relocation in Entries(section, RelocationSize)
        select _view.UInt32(relocation + 12);

    private string SymbolName(uint symbol)
    {
        Section symbols = _sections.First(section => section.Type == DynamicSymbols);
        return Text(_sections[(int)symbols.Link], _view.UInt32(symbols.Offset + symbol * SymbolSize));
    }

    private IEnumerable<Section> ReadSections()
    {
        long table = _view.Int64(0x28);
        int count = _view.UInt16(0x3c);
        for (int i = 0; i < count; i++)
        {
            long header = table + i * SectionHeaderSize;
            yield return new Section(
                _view.UInt32(header + 4), _view.Int64(header + 24), _view.Int64(header + 32), _view.UInt32(header + 40), _view.UInt32(header + 44));
        }
    }

    private static IEnumerable<long> Entries(Section section, int size)
    {
        for (long entry = section.Offset; entry < section.Offset + section.Size; entry += size)
        {
            yield return entry;
        }
    }

    private string Text(Section strings, long offset) => _view.Text(strings.Offset + offset);

    private readonly record struct Section(uint Type, long Offset, long Size, uint Link, uint Info);

    private sealed record VersionNeed(string Version, long FlagsOffset, ushort Index, bool IsWeak);
}
