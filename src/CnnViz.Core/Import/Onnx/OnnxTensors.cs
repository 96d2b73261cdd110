using System.Globalization;
using System.Runtime.InteropServices;
using CnnViz.Import.Onnx.Protocol;
using TorchSharp;
using DataType = CnnViz.Import.Onnx.Protocol.TensorProto.Types.DataType;

namespace CnnViz.Import.Onnx;

/// <summary>
/// Tensors of an ONNX file: real numbers of any width become single precision, whole numbers 64 bits, on the CPU.
/// </summary>
/// <param name="folder">The model's folder, which external data must not leave.</param>
internal sealed class OnnxTensors(string folder)
{
    // Tensors may share bytes of the files beside the model; together they may be this many times as large.
    private const long EachByte = 4;
    private const long Allowance = 64 << 20;

    private readonly HashSet<string> _files = new(StringComparer.Ordinal);
    private long _left = Allowance;

    /// <summary>How many values the tensors have that were read.</summary>
    public long ValuesRead { get; private set; }

    /// <summary>Reads one tensor; the caller owns it.</summary>
    /// <exception cref="ModelFormatException">Sizes contradict each other, the type is not numeric, or external data is missing or
    /// lies outside the folder.</exception>
    public torch.Tensor Read(TensorProto proto)
    {
        long[] shape = [.. proto.Dims];
        long count = Count(proto, shape);
        var type = (DataType)proto.DataType;
        bool external = proto.DataLocation == TensorProto.Types.DataLocation.External;
        if (external || proto.HasRawData)
        {
            ReadOnlySpan<byte> raw = external ? ReadExternal(proto) : proto.RawData.Span;
            if (IsHalfByte(type) && raw.Length == (count + 1) / 2)
            {
                ValuesRead += count;
                return Unpack(raw, type, count, shape);
            }

            if (raw.Length % ItemSize(proto, type) != 0 || raw.Length / ItemSize(proto, type) != count)
            {
                throw Invalid(proto, $"has {raw.Length} bytes for {count} values of type {type}");
            }

            ValuesRead += count;
            return FromBytes(proto, type, raw, shape);
        }

        ValuesRead += count;
        return FromFields(proto, type, count, shape);
    }

    /// <summary>A tensor as the file has it: single precision, 64-bit whole numbers, or truth values.</summary>
    public static TensorProto Write(string name, torch.Tensor tensor)
    {
        using torch.Tensor plain = tensor.detach().cpu().contiguous();
        var proto = new TensorProto
        {
            Name = name,
            DataType = (int)(plain.dtype switch
            {
                torch.ScalarType.Float32 => DataType.Float,
                torch.ScalarType.Int64 => DataType.Int64,
                torch.ScalarType.Bool => DataType.Bool,
                _ => throw new ArgumentException($"A tensor of {plain.dtype} is not written.", nameof(tensor)),
            }),
            RawData = Google.Protobuf.ByteString.CopyFrom(plain.bytes),
        };
        proto.Dims.AddRange(plain.shape);
        return proto;
    }

    private static long Count(TensorProto proto, long[] shape)
    {
        try
        {
            return shape.Aggregate(1L, (product, size) =>
                size >= 0 ? checked(product * size) : throw Invalid(proto, "has a negative dimension"));
        }
        catch (OverflowException)
        {
            throw Invalid(proto, "has dimensions whose product overflows");
        }
    }

    private static int ItemSize(TensorProto proto, DataType type) => type switch
    {
        _ when IsHalfByte(type) => throw Invalid(proto, "has not half a byte for each of its values"),
        DataType.Uint8 or DataType.Int8 or DataType.Bool => 1,
        DataType.Float16 or DataType.Bfloat16 or DataType.Int16 or DataType.Uint16 => 2,
        DataType.Float or DataType.Int32 or DataType.Uint32 => 4,
        DataType.Double or DataType.Int64 or DataType.Uint64 => 8,
        _ => throw Invalid(proto, $"is of type {type}, which is no number"),
    };

    private static torch.Tensor FromBytes(TensorProto proto, DataType type, ReadOnlySpan<byte> raw, long[] shape) => type switch
    {
        DataType.Float => Copy(raw, torch.ScalarType.Float32, shape),
        DataType.Double => Widen(Copy(raw, torch.ScalarType.Float64, shape), torch.ScalarType.Float32),
        DataType.Float16 => Widen(Copy(raw, torch.ScalarType.Float16, shape), torch.ScalarType.Float32),
        DataType.Bfloat16 => Widen(Copy(raw, torch.ScalarType.BFloat16, shape), torch.ScalarType.Float32),
        DataType.Int64 => Copy(raw, torch.ScalarType.Int64, shape),
        DataType.Int32 => Widen(Copy(raw, torch.ScalarType.Int32, shape), torch.ScalarType.Int64),
        DataType.Int16 => Widen(Copy(raw, torch.ScalarType.Int16, shape), torch.ScalarType.Int64),
        DataType.Int8 => Widen(Copy(raw, torch.ScalarType.Int8, shape), torch.ScalarType.Int64),
        DataType.Uint8 => Widen(Copy(raw, torch.ScalarType.Byte, shape), torch.ScalarType.Int64),
        DataType.Bool => Copy(raw, torch.ScalarType.Bool, shape),
        DataType.Uint16 => Whole(MemoryMarshal.Cast<byte, ushort>(raw).ToArray().Select(value => (long)value), shape),
        DataType.Uint32 => Whole(MemoryMarshal.Cast<byte, uint>(raw).ToArray().Select(value => (long)value), shape),
        DataType.Uint64 => Whole(MemoryMarshal.Cast<byte, ulong>(raw).ToArray().Select(value => unchecked((long)value)), shape),
        _ => throw Invalid(proto, $"is of type {type}, which is no number"),
    };

    // The typed fields: narrow types share int32_data, half precision as bit patterns.
    private static torch.Tensor FromFields(TensorProto proto, DataType type, long count, long[] shape)
    {
        long given = type switch
        {
            DataType.Float => proto.FloatData.Count,
            DataType.Double => proto.DoubleData.Count,
            DataType.Int64 => proto.Int64Data.Count,
            DataType.Uint32 or DataType.Uint64 => proto.Uint64Data.Count,
            _ when IsHalfByte(type) => proto.Int32Data.Count == (count + 1) / 2 ? count : proto.Int32Data.Count,
            _ when ItemSize(proto, type) > 0 => proto.Int32Data.Count,
            _ => 0,
        };
        if (given != count)
        {
            throw Invalid(proto, $"has {given} values where its shape asks for {count}");
        }

        return type switch
        {
            _ when IsHalfByte(type) => Unpack([.. proto.Int32Data.Select(pair => unchecked((byte)pair))], type, count, shape),
            DataType.Float => Copy(MemoryMarshal.AsBytes<float>(proto.FloatData.ToArray()), torch.ScalarType.Float32, shape),
            DataType.Double => Copy(
                MemoryMarshal.AsBytes<float>(proto.DoubleData.Select(value => (float)value).ToArray()), torch.ScalarType.Float32, shape),
            DataType.Int64 => Whole(proto.Int64Data, shape),
            DataType.Uint32 or DataType.Uint64 => Whole(proto.Uint64Data.Select(value => unchecked((long)value)), shape),
            DataType.Bool => Widen(Whole(proto.Int32Data.Select(value => (long)value), shape), torch.ScalarType.Bool),
            DataType.Float16 or DataType.Bfloat16 => FromBytes(
                proto, type, MemoryMarshal.AsBytes<ushort>(proto.Int32Data.Select(bits => unchecked((ushort)bits)).ToArray()), shape),
            _ => Whole(proto.Int32Data.Select(value => (long)value), shape),
        };
    }

    private static bool IsHalfByte(DataType type) => type is DataType.Int4 or DataType.Uint4;

    // Two values a byte, the first in its lower half.
    private static torch.Tensor Unpack(ReadOnlySpan<byte> raw, DataType type, long count, long[] shape)
    {
        var values = new long[count];
        for (int i = 0; i < values.Length; i++)
        {
            int half = raw[i / 2] >> (i % 2 * 4) & 0xF;
            values[i] = type == DataType.Int4 && half > 7 ? half - 16 : half;
        }

        return Whole(values, shape);
    }

    private ReadOnlySpan<byte> ReadExternal(TensorProto proto)
    {
        Dictionary<string, string> entries = proto.ExternalData.GroupBy(entry => entry.Key)
            .ToDictionary(group => group.Key, group => group.Last().Value, StringComparer.Ordinal);
        string location = entries.GetValueOrDefault("location") ?? throw Invalid(proto, "names no external file");
        string path = Locate(proto, location);
        long length = new FileInfo(path).Length;
        long offset = ParseSize(proto, entries.GetValueOrDefault("offset"), 0);
        long size = ParseSize(proto, entries.GetValueOrDefault("length"), length - offset);
        if (offset > length || size > length - offset || size > Array.MaxLength)
        {
            throw Invalid(proto, $"asks for bytes {offset} to {offset + size} of '{location}', which has {length}");
        }

        // A pipe has no length, and who opens it waits.
        if (size == 0)
        {
            return [];
        }

        _left += (_files.Add(path) ? EachByte * length : 0) - size;
        if (_left < 0)
        {
            throw Invalid(proto, $"is one of many that read the same bytes of '{location}'");
        }

        try
        {
            var bytes = new byte[size];
            using FileStream stream = File.OpenRead(path);
            stream.Seek(offset, SeekOrigin.Begin);
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelFormatException(
                "ExternalDataUnreadable", $"Tensor '{proto.Name}' cannot be read from '{location}': {exception.Message}", null, exception);
        }
    }

    private string Locate(TensorProto proto, string location)
    {
        string path = FilesBeside.Find(folder, location) ?? throw new ModelFormatException(
            "ExternalDataOutside",
            $"Tensor '{proto.Name}' asks for the file '{location}' outside the model's folder.",
            "A model must keep its data beside it; do not trust this one.");
        return File.Exists(path)
            ? path
            : throw new ModelFormatException(
                "ExternalDataMissing",
                $"Tensor '{proto.Name}' lies in '{location}', which is not beside the model.",
                "Copy the data file into the model's folder.");
    }

    private static long ParseSize(TensorProto proto, string? text, long fallback) =>
        text is null ? fallback
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value
        : throw Invalid(proto, $"has an external offset or length '{text}'");

    private static torch.Tensor Copy(ReadOnlySpan<byte> raw, torch.ScalarType type, long[] shape)
    {
        torch.Tensor tensor = torch.empty(shape, type);
        if (!raw.IsEmpty)
        {
            raw.CopyTo(tensor.bytes);
        }

        return tensor;
    }

    private static torch.Tensor Widen(torch.Tensor tensor, torch.ScalarType type)
    {
        using (tensor)
        {
            return tensor.to(type);
        }
    }

    private static torch.Tensor Whole(IEnumerable<long> values, long[] shape) =>
        Copy(MemoryMarshal.AsBytes<long>(values.ToArray()), torch.ScalarType.Int64, shape);

    private static ModelFormatException Invalid(TensorProto proto, string what) => new(
        "TensorInvalid", $"Tensor '{proto.Name}' {what}.", "The file is damaged; download or export it again.");
}
