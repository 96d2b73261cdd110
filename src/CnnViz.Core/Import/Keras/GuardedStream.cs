using System.Runtime.CompilerServices;
using PureHDF;

namespace CnnViz.Import.Keras;

/// <summary>
/// A file in memory for a library that believes what it reads: a damaged file could send it round in circles or ever deeper, and
/// here both end.
/// </summary>
/// <param name="content">The file's bytes.</param>
internal sealed class GuardedStream(byte[] content) : Stream, IDatasetStream
{
    // More than any intact file takes. The library reads all names of a group again for each of them, which for 3,000 empty groups is
    // a hundred times the file.
    private long _reads = (1 << 20) + content.Length / 4;
    private long _bytes = (1L << 26) + 256L * content.Length;
    private long _position;

    /// <summary>How many bytes of weights were taken from this file so far.</summary>
    public long DatasetBytes { get; private set; }

    /// <summary>
    /// Whether only weights may be read. The library asks for anything else just where a weight lies in another file, and opens that next.
    /// </summary>
    public bool HasWeightsOnly { get; set; }

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => content.Length;

    public override long Position
    {
        get => _position;
        set => _position = value >= 0 ? value : throw new IOException("it refers to a place before its beginning");
    }

    public override int Read(Span<byte> buffer) =>
        HasWeightsOnly ? throw new InvalidDataException("a weight is not in the file itself") : Take(buffer);

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public void ReadDataset(Span<byte> buffer)
    {
        if (Take(buffer) < buffer.Length)
        {
            throw new EndOfStreamException("it ends within a weight");
        }

        DatasetBytes += buffer.Length;
    }

    private int Take(Span<byte> buffer)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int count = (int)Math.Clamp(content.Length - _position, 0, buffer.Length);
        _reads--;
        _bytes -= count;
        if (_reads < 0 || _bytes < 0)
        {
            throw new InvalidDataException("its parts refer to each other in circles");
        }

        content.AsSpan((int)Math.Min(_position, content.Length), count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => _position,
        _ => content.Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
