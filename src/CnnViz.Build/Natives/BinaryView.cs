using System.IO.MemoryMappedFiles;
using System.Text;

namespace CnnViz.Build.Natives;

/// <summary>The little-endian numbers and texts of a file, which need not fit in memory.</summary>
internal sealed class BinaryView : IDisposable
{
    private const int LongestText = 4096;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long _length;

    /// <param name="path">Path of the file.</param>
    /// <param name="writable">Whether <see cref="Write"/> is called.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public BinaryView(string path, bool writable = false)
    {
        MemoryMappedFileAccess access = writable ? MemoryMappedFileAccess.ReadWrite : MemoryMappedFileAccess.Read;
        _length = new FileInfo(path).Length;
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, access);
        _view = _file.CreateViewAccessor(0, 0, access);
    }

    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public ushort UInt16(long offset) => _view.ReadUInt16(Check(offset, sizeof(ushort)));

    /// <inheritdoc cref="UInt16" />
    public uint UInt32(long offset) => _view.ReadUInt32(Check(offset, sizeof(uint)));

    /// <inheritdoc cref="UInt16" />
    public long Int64(long offset) => _view.ReadInt64(Check(offset, sizeof(long)));

    /// <summary>A text that ends with a zero.</summary>
    /// <exception cref="InvalidDataException">The file ends before.</exception>
    public string Text(long offset)
    {
        var text = new StringBuilder();
        while (_view.ReadByte(Check(offset + text.Length, 1)) is > 0 and var character && text.Length < LongestText)
        {
            text.Append((char)character);
        }

        return text.ToString();
    }

    public void Write(long offset, ushort value) => _view.Write(Check(offset, sizeof(ushort)), value);

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    // The view goes on to the end of a page.
    private long Check(long offset, int size) =>
        offset >= 0 && offset <= _length - size ? offset : throw new InvalidDataException("The library ends too early.");
}
