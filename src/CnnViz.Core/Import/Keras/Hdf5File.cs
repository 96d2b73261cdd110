using PureHDF;
using PureHDF.Filters;
using PureHDF.VOL.Native;

namespace CnnViz.Import.Keras;

/// <summary>
/// An HDF5 file in memory, read by PureHDF. Damage shows as exceptions of any type, which the caller turns into one of ours.
/// </summary>
internal sealed class Hdf5File : IDisposable
{
    // Deflate cannot do better.
    private const long LargestExpansion = 1032;

    // Weights are hardly ever packed, and then to half their size; several layers may have the same.
    private const long UsualExpansion = 16;
    private const long Allowance = 64 << 20;

    private readonly NativeFile _file;
    private long _left;

    static Hdf5File() => H5Filter.Register(new BoundedDeflate());

    /// <exception cref="InvalidDataException">It asks for another file.</exception>
    public Hdf5File(byte[] content)
    {
        if (Hdf5Links.Find(content) is { } path)
        {
            throw new InvalidDataException($"it asks for the file {WeightFile.Quote(path)}");
        }

        _left = Allowance + UsualExpansion * content.Length;
        Stream = new GuardedStream(content);
        _file = H5File.Open(Stream);
        Root = new Hdf5Group(this, _file);
    }

    /// <summary>The group that has all others.</summary>
    public Hdf5Group Root { get; }

    /// <summary>What the file is read through.</summary>
    public GuardedStream Stream { get; }

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', (byte)'\r', (byte)'\n', 0x1a, (byte)'\n'];

    /// <summary>Whether a file is HDF5.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> content) => content.StartsWith(Signature);

    /// <summary>The number of bytes that values take, if the file can hold them.</summary>
    /// <param name="shape">How many values there are, by dimension.</param>
    /// <param name="size">Bytes a value.</param>
    /// <param name="isCompressed">Whether they may take less room in the file.</param>
    /// <exception cref="InvalidDataException">It cannot.</exception>
    public long CheckedSize(ulong[] shape, int size, bool isCompressed = false)
    {
        ulong most = (ulong)Math.Min(Array.MaxLength, Stream.Length * (isCompressed ? LargestExpansion : 1));
        UInt128 bytes = (ulong)size;
        foreach (ulong length in shape)
        {
            bytes = bytes <= most ? bytes * length : bytes;
        }

        return bytes <= most
            ? (long)bytes
            : throw new InvalidDataException($"{string.Join('×', shape)} values of {size} bytes do not fit into it");
    }

    /// <summary>Takes the bytes of weights off what all weights of the file may have together.</summary>
    /// <exception cref="InvalidDataException">They are too many.</exception>
    public void Spend(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new InvalidDataException("its weights have many times the bytes of the file");
        }
    }

    public void Dispose() => _file.Dispose();
}
