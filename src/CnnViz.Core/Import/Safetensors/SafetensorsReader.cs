using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;

namespace CnnViz.Import.Safetensors;

/// <summary>
/// Reads safetensors: a 64-bit length, a JSON object of that length with type, shape and range of every tensor, and the tensors,
/// which fill the rest of the file without a gap.
/// </summary>
internal static class SafetensorsReader
{
    private const int LengthBytes = 8;

    /// <summary>Reads the header.</summary>
    /// <param name="file">The file; it is closed with the weights.</param>
    /// <exception cref="ModelFormatException">The header is damaged or contradicts the file, has a type that is not known, or has no
    /// tensors.</exception>
    public static StateDict Read(WeightFile file)
    {
        ulong header = BinaryPrimitives.ReadUInt64LittleEndian(file.Read(0, LengthBytes));
        if (header > (ulong)(file.Length - LengthBytes))
        {
            throw file.Damaged($"its header says that it has {header} bytes, and the file has {file.Length}");
        }

        long start = LengthBytes + (long)header;
        List<Entry> entries = BoundedJson.TryRead(file, LengthBytes, (long)header, root => ReadEntries(file, root))
            ?? throw file.Damaged("its header is not what safetensors have");
        if (entries.Count == 0)
        {
            throw new ModelFormatException("CheckpointHasNoTensors", $"'{file.Name}' holds no tensors.", "Check the file.");
        }

        Check(file, entries, file.Length - start);
        return new StateDict([.. entries.Select(entry => ToTensor(file, start, entry))], "safetensors", file);
    }

    private static List<Entry> ReadEntries(WeightFile file, JsonElement root)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!names.Add(property.Name))
            {
                throw file.Damaged($"its header names {WeightFile.Quote(property.Name)} twice");
            }

            if (property.Name != "__metadata__")
            {
                entries.Add(ReadEntry(file, property.Name, property.Value));
            }
        }

        return entries;
    }

    private static Entry ReadEntry(WeightFile file, string name, JsonElement element)
    {
        if (!element.TryGetProperty("dtype", out JsonElement dtype) || dtype.GetString() is not { } typeName
            || !element.TryGetProperty("shape", out JsonElement shape) || ReadNumbers(shape) is not { } sizes
            || !element.TryGetProperty("data_offsets", out JsonElement offsets) || ReadNumbers(offsets) is not [long begin, long end])
        {
            throw file.Damaged($"its header lacks type, shape or range of {WeightFile.Quote(name)}");
        }

        SafetensorsType type = SafetensorsType.Find(typeName) ?? throw new ModelFormatException(
            "UnsupportedTensorType",
            $"The tensor {WeightFile.Quote(name)} of '{file.Name}' is of type {WeightFile.Quote(typeName)}, which CnnViz does not read.",
            "Save it in single or half precision.");
        if (!TensorBytes.TryCount(sizes, type.Size, out long count) || begin < 0 || end < begin || end - begin != count * type.Size)
        {
            throw file.Damaged(
                $"{WeightFile.Quote(name)} has bytes {begin} to {end} for {typeName} values of the shape [{string.Join(", ", sizes)}]");
        }

        return new Entry(name, type, sizes, begin, end);
    }

    // Null where there is anything but numbers of 64 bits, or more of them than a tensor has dimensions.
    private static long[]? ReadNumbers(JsonElement array)
    {
        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > TensorBytes.HighestRank)
        {
            return null;
        }

        long[] numbers = new long[array.GetArrayLength()];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (array[i].ValueKind != JsonValueKind.Number || !array[i].TryGetInt64(out numbers[i]))
            {
                return null;
            }
        }

        return numbers;
    }

    private static void Check(WeightFile file, IEnumerable<Entry> entries, long length)
    {
        long filled = 0;
        foreach (Entry entry in entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            if (entry.Begin != filled)
            {
                throw file.Damaged($"{WeightFile.Quote(entry.Name)} begins at byte {entry.Begin}, and the one before it ends at {filled}");
            }

            filled = entry.End;
        }

        if (filled != length)
        {
            throw file.Damaged($"its tensors have {filled} bytes, and the file has {length} for them");
        }
    }

    private static StateTensor ToTensor(WeightFile file, long start, Entry entry)
    {
        var bytes = new FileBytes(file, start + entry.Begin, entry.End - entry.Begin);
        return new StateTensor(entry.Name, entry.Type.Read, entry.Shape, () =>
        {
            torch.Tensor stored = TensorBytes.Read(bytes, 0, entry.Type.Stored, entry.Shape);
            if (entry.Type.Widen is not { } widen)
            {
                return stored;
            }

            using (stored)
            {
                return widen(stored);
            }
        });
    }

    private sealed record Entry(string Name, SafetensorsType Type, long[] Shape, long Begin, long End);
}
