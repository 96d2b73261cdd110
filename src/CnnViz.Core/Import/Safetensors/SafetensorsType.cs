using System.Runtime.InteropServices;
using TorchSharp;

namespace CnnViz.Import.Safetensors;

/// <summary>A type of values in safetensors.</summary>
/// <param name="Size">Bytes of one value.</param>
/// <param name="Stored">The type of torch that has the same bits, or as many.</param>
/// <param name="Read">The type that is read.</param>
/// <param name="Widen">Makes one of the other, where torch has no such type; null where they are the same.</param>
internal sealed record SafetensorsType(
    int Size, torch.ScalarType Stored, torch.ScalarType Read, Func<torch.Tensor, torch.Tensor>? Widen = null)
{
    private static readonly Half[] s_e4m3 = [.. Enumerable.Range(0, 256).Select(FromE4M3)];

    /// <summary>Finds a type by its name in the header; null where it is not known.</summary>
    public static SafetensorsType? Find(string name) => name switch
    {
        "BOOL" => Plain(torch.ScalarType.Bool),
        "U8" => Plain(torch.ScalarType.Byte),
        "I8" => Plain(torch.ScalarType.Int8),
        "I16" => Plain(torch.ScalarType.Int16),
        "I32" => Plain(torch.ScalarType.Int32),
        // The bits are the same; what is above the largest signed number is read as negative.
        "I64" or "U64" => Plain(torch.ScalarType.Int64),
        "F16" => Plain(torch.ScalarType.Float16),
        "BF16" => Plain(torch.ScalarType.BFloat16),
        "F32" => Plain(torch.ScalarType.Float32),
        "F64" => Plain(torch.ScalarType.Float64),
        "U16" => Wide<ushort, int>(torch.ScalarType.Int16, torch.ScalarType.Int32, value => value),
        "U32" => Wide<uint, long>(torch.ScalarType.Int32, torch.ScalarType.Int64, value => value),
        "F8_E4M3" => Wide<byte, Half>(torch.ScalarType.Byte, torch.ScalarType.Float16, value => s_e4m3[value]),
        // The upper half of a 16-bit float.
        "F8_E5M2" => Wide<byte, Half>(
            torch.ScalarType.Byte, torch.ScalarType.Float16, value => BitConverter.UInt16BitsToHalf((ushort)(value << 8))),
        _ => null,
    };

    private static SafetensorsType Plain(torch.ScalarType type) => new(TensorBytes.SizeOf(type), type, type);

    private static SafetensorsType Wide<TStored, TRead>(torch.ScalarType stored, torch.ScalarType read, Func<TStored, TRead> convert)
        where TStored : unmanaged
        where TRead : unmanaged =>
        new(TensorBytes.SizeOf(stored), stored, read, narrow =>
        {
            torch.Tensor wide = torch.empty(narrow.shape, read);
            if (narrow.numel() > 0)
            {
                ReadOnlySpan<TStored> from = MemoryMarshal.Cast<byte, TStored>(narrow.bytes);
                Span<TRead> to = MemoryMarshal.Cast<byte, TRead>(wide.bytes);
                for (int i = 0; i < from.Length; i++)
                {
                    to[i] = convert(from[i]);
                }
            }

            return wide;
        });

    // Sign, four bits of exponent with bias 7, three of mantissa; no infinities, all ones is not a number (Micikevicius et al. 2022).
    private static Half FromE4M3(int bits)
    {
        int exponent = (bits >> 3) & 15;
        int mantissa = bits & 7;
        double magnitude = (bits & 127) == 127 ? double.NaN
            : exponent == 0 ? Math.ScaleB(mantissa, -9)
            : Math.ScaleB(8 + mantissa, exponent - 10);
        return (Half)(bits < 128 ? magnitude : -magnitude);
    }
}
