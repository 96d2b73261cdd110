using System.IO.Compression;
using PureHDF.Filters;

namespace CnnViz.Import.Keras;

/// <summary>The deflate filter of HDF5 that stops where a chunk is full; PureHDF's own goes on as long as the data does.</summary>
internal sealed class BoundedDeflate : IH5Filter
{
    // A checksum that was compressed with the chunk.
    private const int Spare = 4;

    private static readonly DeflateFilter s_inner = new();

    public ushort FilterId => DeflateFilter.Id;

    public string Name => s_inner.Name;

    public Memory<byte> Filter(FilterInfo info)
    {
        if (!info.Flags.HasFlag(H5FilterFlags.Decompress))
        {
            return s_inner.Filter(info);
        }

        using var source = new MemoryStream(info.Buffer.ToArray());
        using var inflated = new ZLibStream(source, CompressionMode.Decompress);
        var chunk = new byte[info.ChunkSize + Spare];
        int length = inflated.ReadAtLeast(chunk, chunk.Length, throwOnEndOfStream: false);
        return length < chunk.Length || inflated.ReadByte() < 0
            ? chunk.AsMemory(0, length)
            : throw new InvalidDataException("a compressed chunk is larger than it says");
    }

    public uint[] GetParameters(uint[] chunkDimensions, uint typeSize, Dictionary<string, object>? options) =>
        s_inner.GetParameters(chunkDimensions, typeSize, options);
}
