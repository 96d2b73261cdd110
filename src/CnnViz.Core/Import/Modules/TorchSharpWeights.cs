using System.Text;
using TorchSharp;

namespace CnnViz.Import.Modules;

/// <summary>
/// Reads weights as TorchSharp's <c>module.save</c> writes them: the number of tensors; then, for each, its key (length and UTF-8),
/// type, number of dimensions, sizes and values. All numbers but the values are LEB128. The format has no mark of its own: what it is
/// shows in its first tensor.
/// </summary>
internal static class TorchSharpWeights
{
    private const int MostTensors = 1 << 20;
    private const int LongestKey = 4096;

    /// <summary>Finds the tensors.</summary>
    /// <param name="file">The file; it is closed with the weights.</param>
    /// <returns>The weights; null for a file of another kind.</returns>
    /// <exception cref="ModelFormatException">The file begins as one of weights, but is damaged, or has a type that is not known.
    /// </exception>
    public static StateDict? TryRead(WeightFile file)
    {
        long offset = 0;
        if (ReadNumber(file, ref offset) is not (> 0 and <= MostTensors and var count) || ReadEntry(file, ref offset) is not { } first)
        {
            return null;
        }

        var tensors = new List<StateTensor> { ToTensor(file, first) };
        var keys = new HashSet<string>(StringComparer.Ordinal) { first.Key };
        while (tensors.Count < count)
        {
            Entry entry = ReadEntry(file, ref offset)
                ?? throw file.Damaged($"it should have {count} tensors, and what follows the first {tensors.Count} is none");
            tensors.Add(keys.Add(entry.Key)
                ? ToTensor(file, entry)
                : throw file.Damaged($"it has {WeightFile.Quote(entry.Key)} twice"));
        }

        return offset == file.Length
            ? new StateDict(tensors, "TorchSharp", file)
            : throw file.Damaged($"its tensors end at byte {offset}, and it has {file.Length}");
    }

    // Null where the bytes are not those of a tensor.
    private static Entry? ReadEntry(WeightFile file, ref long offset)
    {
        if (ReadKey(file, ref offset) is not { } key
            || ReadNumber(file, ref offset) is not { } type
            || ReadNumber(file, ref offset) is not (<= TensorBytes.HighestRank and var rank))
        {
            return null;
        }

        var shape = new long[rank];
        for (int i = 0; i < shape.Length; i++)
        {
            if (ReadNumber(file, ref offset) is not { } extent)
            {
                return null;
            }

            shape[i] = extent;
        }

        if (!Enum.IsDefined((torch.ScalarType)type) || type > sbyte.MaxValue)
        {
            return null;
        }

        var entry = new Entry(key, (torch.ScalarType)type, shape, offset);
        if (!TensorBytes.TryCount(shape, entry.Size, out long values) || values * entry.Size > file.Length - offset)
        {
            return null;
        }

        offset += values * entry.Size;
        return entry;
    }

    // Keys are names of fields and numbers with dots between them: nothing in them is blank or invisible.
    private static string? ReadKey(WeightFile file, ref long offset)
    {
        if (ReadNumber(file, ref offset) is not (> 0 and <= LongestKey and var length) || length > file.Length - offset)
        {
            return null;
        }

        byte[] bytes = file.Read(offset, (int)length);
        offset += length;
        string key = Encoding.UTF8.GetString(bytes);
        return key.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || character == '\uFFFD') ? null : key;
    }

    // Null at the end of the file, and for what has more than 63 bits.
    private static long? ReadNumber(WeightFile file, ref long offset)
    {
        long number = 0;
        Span<byte> next = stackalloc byte[1];
        for (int shift = 0; shift < 63 && offset < file.Length; shift += 7)
        {
            file.Read(offset++, next);
            number |= (long)(next[0] & 0x7f) << shift;
            if (next[0] < 0x80)
            {
                return number;
            }
        }

        return null;
    }

    private static StateTensor ToTensor(WeightFile file, Entry entry)
    {
        if (!entry.IsReadable)
        {
            throw new ModelFormatException(
                "UnsupportedTensorType",
                $"The tensor {WeightFile.Quote(entry.Key)} of '{file.Name}' is of type {entry.Type}, which CnnViz does not read.",
                "Save it in single or half precision.");
        }

        var bytes = new FileBytes(file, entry.Offset, file.Length - entry.Offset);
        return new StateTensor(entry.Key, entry.Type, entry.Shape, () => TensorBytes.Read(bytes, 0, entry.Type, entry.Shape));
    }

    private sealed record Entry(string Key, torch.ScalarType Type, long[] Shape, long Offset)
    {
        /// <summary>Bytes of one value.</summary>
        public int Size => Type.ElementSize();

        /// <summary>Whether its values are numbers that weights may be.</summary>
        public bool IsReadable => Type is torch.ScalarType.Bool or torch.ScalarType.Byte or torch.ScalarType.Int8
            or torch.ScalarType.Int16 or torch.ScalarType.Int32 or torch.ScalarType.Int64
            or torch.ScalarType.Float16 or torch.ScalarType.BFloat16 or torch.ScalarType.Float32 or torch.ScalarType.Float64;
    }
}
