using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Build;

/// <summary>
/// The symbol versions that a 64-bit little-endian ELF library asks for, and the symbols that ask for them. A version that no
/// relocation uses can be marked weak, so that a system without it still loads the library.
/// </summary>
/// <remarks>
/// Layout: "System V ABI", chapters 4 and 5, and the GNU symbol versioning extension (.gnu.version, .gnu.version_r).
/// </remarks>
internal sealed class ElfVersionNeeds
{
    private const int SectionHeaderSize = 64;
    private const int SymbolSize = 24;
    private const int RelocationSize = 24;
    private const uint RelocationSection = 4;
    private const uint DynamicSymbols = 11;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint VersionSymbols = 0x6fffffff;
    private const ushort WeakFlag = 2;

    private readonly byte[] _image;
    private readonly List<Section> _sections;

    /// <param name="image">The library's bytes; <see cref="MarkWeak"/> changes them.</param>
    /// <exception cref="InvalidDataException">It is no 64-bit little-endian ELF file.</exception>
    public ElfVersionNeeds(byte[] image)
    {
        if (image.Length < SectionHeaderSize || !image.AsSpan(0, 6).SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException("This is no 64-bit little-endian ELF file.");
        }

        _image = image;
        _sections = [.. ReadSections()];
    }

    /// <summary>Marks a version weak if it is asked for, strongly, and no relocation uses a symbol of it.</summary>
    /// <param name="version">Such as <c>GLIBCXX_3.4.32</c>.</param>
    /// <returns>True if the image was changed.</returns>
    /// <exception cref="InvalidDataException">A relocation uses a symbol of that version.</exception>
    public bool MarkWeak(string version)
    {
        if (FindNeed(version) is not { } need || (UInt16(need.FlagsOffset) & WeakFlag) != 0)
        {
            return false;
        }

        HashSet<uint> symbols = SymbolsOf(need.Index);
        if (RelocatedSymbols().FirstOrDefault(symbols.Contains) is > 0 and var used)
        {
            throw new InvalidDataException($"{version} is really needed: a relocation uses '{SymbolName(used)}'.");
        }

        ushort flags = (ushort)(UInt16(need.FlagsOffset) | WeakFlag);
        BinaryPrimitives.WriteUInt16LittleEndian(_image.AsSpan(need.FlagsOffset), flags);
        return true;
    }

    private (int FlagsOffset, ushort Index)? FindNeed(string version)
    {
        foreach (Section section in _sections.Where(section => section.Type == VersionNeeds))
        {
            Section strings = _sections[(int)section.Link];
            int file = (int)section.Offset;
            for (uint left = section.Info; left > 0; left--)
            {
                int entry = file + (int)UInt32(file + 8);
                for (ushort count = UInt16(file + 2); count > 0; count--)
                {
                    if (Text(strings, UInt32(entry + 8)) == version)
                    {
                        return (entry + 4, UInt16(entry + 6));
                    }

                    entry += (int)UInt32(entry + 12);
                }

                file += (int)UInt32(file + 12);
            }
        }

        return null;
    }

    private HashSet<uint> SymbolsOf(ushort versionIndex)
    {
        Section versions = _sections.First(section => section.Type == VersionSymbols);
        return [.. Enumerable.Range(0, (int)(versions.Size / 2))
            .Where(symbol => (UInt16((int)versions.Offset + symbol * 2) & 0x7fff) == versionIndex)
            .Select(symbol => (uint)symbol)];
    }

    private IEnumerable<uint> RelocatedSymbols() =>
        from section in _sections
        where section.Type == RelocationSection
        from relocation in Enumerable.Range(0, (int)(section.Size / RelocationSize))
        select UInt32((int)section.Offset + relocation * RelocationSize + 12);

    private string SymbolName(uint symbol)
    {
        Section symbols = _sections.First(section => section.Type == DynamicSymbols);
        return Text(_sections[(int)symbols.Link], UInt32((int)symbols.Offset + (int)symbol * SymbolSize));
    }

    private IEnumerable<Section> ReadSections()
    {
        int table = checked((int)UInt64(0x28));
        int count = UInt16(0x3c);
        for (int i = 0; i < count; i++)
        {
            int header = table + i * SectionHeaderSize;
            yield return new Section(UInt32(header + 4), UInt64(header + 24), UInt64(header + 32), UInt32(header + 40), UInt32(header + 44));
        }
    }

    private string Text(Section strings, uint offset)
    {
        int start = (int)strings.Offset + (int)offset;
        return Encoding.ASCII.GetString(_image, start, Array.IndexOf(_image, (byte)0, start) - start);
    }

    private ushort UInt16(int offset) => BinaryPrimitives.ReadUInt16LittleEndian(_image.AsSpan(offset));

    private uint UInt32(int offset) => BinaryPrimitives.ReadUInt32LittleEndian(_image.AsSpan(offset));

    private ulong UInt64(int offset) => BinaryPrimitives.ReadUInt64LittleEndian(_image.AsSpan(offset));

    private readonly record struct Section(uint Type, ulong Offset, ulong Size, uint Link, uint Info);
}
