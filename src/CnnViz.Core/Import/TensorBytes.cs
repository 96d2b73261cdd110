using System.Buffers.Binary;
using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnViz.Import;

/// <summary>Tensors out of the bytes of a file.</summary>
internal static class TensorBytes
{
    /// <summary>Dimensions of a tensor: more than any weight has.</summary>
    public const int HighestRank = 16;

    /// <summary>Bytes of one value.</summary>
    public static int SizeOf(torch.ScalarType type) => type switch
    {
        torch.ScalarType.Bool or torch.ScalarType.Byte or torch.ScalarType.Int8 => 1,
        torch.ScalarType.Int16 or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 => 2,
        torch.ScalarType.Int32 or torch.ScalarType.Float32 => 4,
        torch.ScalarType.Int64 or torch.ScalarType.Float64 => 8,
        _ => throw new ArgumentException($"Tensors of {type} are not read.", nameof(type)),
    };

    /// <summary>Counts the values of a shape.</summary>
    /// <param name="shape">The sizes.</param>
    /// <param name="size">Bytes of one value.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>
    /// False where a size is negative, there are too many dimensions, or the tensor has more than 2 GB, or would have if none of its
    /// sizes were zero.
    /// </returns>
    public static bool TryCount(ReadOnlySpan<long> shape, int size, out long count)
    {
        count = 1;
        long bound = size;
        foreach (long extent in shape)
        {
            if (extent < 0 || bound > Array.MaxLength / Math.Max(1, extent))
            {
                return false;
            }

            count *= extent;
            bound *= Math.Max(1, extent);
        }

        return shape.Length <= HighestRank;
    }

    /// <summary>Reads a tensor that lies there without gaps.</summary>
    /// <param name="bytes">Where to read.</param>
    /// <param name="offset">Byte at which it begins.</param>
    /// <param name="type">Type of its values.</param>
    /// <param name="shape">Its sizes, of which <see cref="TryCount"/> approves.</param>
    /// <param name="swap">Whether the values have their most significant byte first.</param>
    /// <returns>A new tensor on the CPU, which the caller owns.</returns>
    public static torch.Tensor Read(IStoredBytes bytes, long offset, torch.ScalarType type, long[] shape, bool swap = false)
    {
        torch.Tensor tensor = torch.empty(shape, type);
        try
        {
            if (tensor.numel() > 0)
            {
                Span<byte> span = tensor.bytes;
                bytes.Read(offset, span);
                Repair(span, type, swap);
            }

            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static void Repair(Span<byte> span, torch.ScalarType type, bool swap)
    {
        if (type == torch.ScalarType.Bool)
        {
            // libtorch takes it for granted that a truth value is 0 or 1.
            foreach (ref byte value in span)
            {
                value = value == 0 ? (byte)0 : (byte)1;
            }
        }
        else if (swap)
        {
            Swap(span, SizeOf(type));
        }
    }

    private static void Swap(Span<byte> span, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> pairs = MemoryMarshal.Cast<byte, ushort>(span);
                BinaryPrimitives.ReverseEndianness(pairs, pairs);
                break;
            case 4:
                Span<uint> quads = MemoryMarshal.Cast<byte, uint>(span);
                BinaryPrimitives.ReverseEndianness(quads, quads);
                break;
            case 8:
                Span<ulong> octets = MemoryMarshal.Cast<byte, ulong>(span);
                BinaryPrimitives.ReverseEndianness(octets, octets);
                break;
        }
    }
}
