using System.IO.Compression;
using System.Text;

namespace CnnViz.Tests.Import.Weights;

/// <summary>The containers of weights, around whatever a test puts in.</summary>
internal static class WeightFiles
{
    /// <summary>A checkpoint as PyTorch up to 1.5 wrote it.</summary>
    /// <param name="pickle">The object.</param>
    /// <param name="storages">Count and bytes of each storage, by its key.</param>
    public static byte[] Legacy(byte[] pickle, params (string Key, long Count, byte[] Bytes)[] storages)
    {
        byte[] magic = new PickleWriter().Raw(0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19).Stop();
        byte[] facts = new PickleWriter().Op('}').Text("little_endian").Raw(0x88).Op('s').Stop();
        PickleWriter keys = new PickleWriter().Op(']').Op('(');
        foreach ((string key, _, _) in storages)
        {
            keys.Text(key);
        }

        return
        [
            .. magic, .. new PickleWriter().Number(1001).Stop(), .. facts, .. pickle, .. keys.Op('e').Stop(),
            .. storages.SelectMany(storage => (byte[])[.. BitConverter.GetBytes(storage.Count), .. storage.Bytes]),
        ];
    }

    /// <summary>A checkpoint as PyTorch writes it since 1.6.</summary>
    public static byte[] Zip(byte[] pickle, params (string Key, byte[] Bytes)[] storages) => Archive(
        CompressionLevel.NoCompression,
        [("w/data.pkl", pickle), .. storages.Select(storage => ($"w/data/{storage.Key}", storage.Bytes))]);

    /// <summary>A zip archive.</summary>
    public static byte[] Archive(CompressionLevel level, params (string Name, byte[] Bytes)[] members)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in members)
            {
                using Stream member = archive.CreateEntry(name, level).Open();
                member.Write(bytes);
            }
        }

        return stream.ToArray();
    }

    /// <summary>Safetensors.</summary>
    public static byte[] Safetensors(string header, params byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. data];
    }

    /// <summary>Safetensors with vectors of floats 0, 1, 2 and so on.</summary>
    public static byte[] Vectors(params (string Name, int Count)[] vectors)
    {
        int[] ends = [.. vectors.Select((_, i) => 4 * vectors[..(i + 1)].Sum(vector => vector.Count))];
        string header = string.Join(',', vectors.Select((vector, i) =>
            $$"""  "{{vector.Name}}":{"dtype":"F32","shape":[{{vector.Count}}],"data_offsets":[{{ends[i] - 4 * vector.Count}},{{ends[i]}}]}"""));
        return Safetensors($"{{{header.Trim()}}}", Floats(0, ends.Length == 0 ? 0 : ends[^1] / 4));
    }

    /// <summary>The bytes of so many floats that count up.</summary>
    public static byte[] Floats(int first, int count) =>
        [.. Enumerable.Range(first, count).SelectMany(value => BitConverter.GetBytes((float)value))];
}
