namespace CnnViz.Import;

/// <summary>The bytes of tensors, wherever a file keeps them.</summary>
internal interface IStoredBytes
{
    /// <summary>How many there are.</summary>
    long Length { get; }

    /// <summary>How many bytes must be gone through to read a range.</summary>
    long Effort(long offset, long count);

    /// <summary>Fills a span with the bytes from an offset on.</summary>
    /// <exception cref="ModelFormatException">The file does not have them, or they are damaged.</exception>
    void Read(long offset, Span<byte> into);
}

/// <summary>Bytes that lie in the file as they are.</summary>
/// <param name="file">The file.</param>
/// <param name="start">Where they begin.</param>
/// <param name="length">How many there are.</param>
internal sealed class FileBytes(WeightFile file, long start, long length) : IStoredBytes
{
    /// <inheritdoc/>
    public long Length => length;

    /// <inheritdoc/>
    public long Effort(long offset, long count) => count;

    /// <inheritdoc/>
    public void Read(long offset, Span<byte> into) => file.Read(start + offset, into);
}
