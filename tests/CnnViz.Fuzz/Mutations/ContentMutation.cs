using System.Buffers.Binary;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage with respect for a file's structure, which the ending of its name tells.</summary>
internal static class ContentMutation
{
    /// <summary>Damages the content of a file once.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="content">Its content.</param>
    /// <param name="chance">Decides the damage.</param>
    public static byte[] Mutate(string name, byte[] content, Chance chance) => Path.GetExtension(name) switch
    {
        ".onnx" => ProtobufMutation.Mutate(content, chance),
        ".pt" or ".keras" or ".zip" => ZipMutation.Mutate(content, chance, Mutate),
        ".pkl" or ".pth" => PickleMutation.Mutate(content, chance),
        ".json" => JsonMutation.Mutate(content, chance),
        ".py" or ".txt" or ".jsonl" => TextMutation.Mutate(content, chance),
        ".safetensors" => MutateHeader(content, chance),
        ".h5" => Hdf5Mutation.Mutate(content, chance),
        ".png" => PngMutation.Mutate(content, chance),
        _ => RawMutation.Mutate(content, chance),
    };

    // The length of a header of JSON, the header, and the data.
    private static byte[] MutateHeader(byte[] content, Chance chance)
    {
        ulong length = content.Length < 8 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(content);
        if (content.Length < 8 || length > (ulong)content.Length - 8 || chance.OneIn(8))
        {
            return RawMutation.Mutate(content, chance);
        }

        int end = 8 + (int)length;
        byte[] header = JsonMutation.Mutate(content[8..end], chance);
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. content[end..]];
    }
}
