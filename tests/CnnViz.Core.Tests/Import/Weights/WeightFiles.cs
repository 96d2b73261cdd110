using System.IO.Compression;
using System.Runtime.InteropServices;
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

        return Join(
        [
            magic, new PickleWriter().Number(1001).Stop(), facts, pickle, keys.Op('e').Stop(),
            .. storages.SelectMany(storage => (byte[][])[BitConverter.GetBytes(storage.Count), storage.Bytes]),
        ]);
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
    public static byte[] Safetensors(string header, params byte[][] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return Join([BitConverter.GetBytes((long)text.Length), text, .. data]);
    }

    /// <summary>The header of safetensors with vectors of floats, one after the other.</summary>
    public static string VectorHeader(params (string Name, int Count)[] vectors)
    {
        int end = 0;
        return $"{{{string.Join(',', vectors.Select(Entry))}}}";

        string Entry((string Name, int Count) vector)
        {
            (int begin, end) = (end, end + 4 * vector.Count);
            return $"\"{vector.Name}\":{{\"dtype\":\"F32\",\"shape\":[{vector.Count}],\"data_offsets\":[{begin},{end}]}}";
        }
    }

    /// <summary>Safetensors with vectors of floats 0, 1, 2 and so on.</summary>
    public static byte[] Vectors(params (string Name, int Count)[] vectors) =>
        Safetensors(VectorHeader(vectors), Floats(vectors.Sum(vector => vector.Count)));

    /// <summary>The bytes of so many floats that count up from zero.</summary>
    public static byte[] Floats(int count) =>
        MemoryMarshal.AsBytes<float>([.. Enumerable.Range(0, count).Select(value => (float)value)]).ToArray();

    private static byte[] Join(IEnumerable<byte[]> parts)
    {
        using var whole = new MemoryStream();
        foreach (byte[] part in parts)
        {
            whole.Write(part);
        }

        return whole.ToArray();
    }
}
