using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace CnnViz.Tests;

/// <summary>The texts of a PNG file, plain and compressed.</summary>
internal static class PngText
{
    public static Dictionary<string, string> Read(string path)
    {
        var texts = new Dictionary<string, string>();
        byte[] file = File.ReadAllBytes(path);
        for (int at = 8; at < file.Length;)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(at));
            string type = Encoding.ASCII.GetString(file, at + 4, 4);
            byte[] data = file[(at + 8)..(at + 8 + length)];
            int key = Array.IndexOf(data, (byte)0);
            if (type == "tEXt")
            {
                texts[Encoding.Latin1.GetString(data, 0, key)] = Encoding.Latin1.GetString(data[(key + 1)..]);
            }
            else if (type == "zTXt")
            {
                using var reader = new StreamReader(
                    new ZLibStream(new MemoryStream(data[(key + 2)..]), CompressionMode.Decompress), Encoding.Latin1);
                texts[Encoding.Latin1.GetString(data, 0, key)] = reader.ReadToEnd();
            }

            at += length + 12;
        }

        return texts;
    }
}
