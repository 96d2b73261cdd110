using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to pickles, instruction by instruction.</summary>
internal static class PickleMutation
{
    private const int Longest = 1 << 18;

    private static readonly string[] s_globals =
    [
        "os\nsystem\n", "builtins\neval\n", "posix\nsystem\n", "torch._utils\n_rebuild_tensor_v2\n", "torch\nFloatStorage\n", "torch\nLongStorage\n",
        "collections\nOrderedDict\n", "torch._utils\n_rebuild_parameter\n", "torch._utils\n_rebuild_qtensor\n", "torch._tensor\n_rebuild_from_type_v2\n",
        "torch.jit._pickle\nbuild_tensorlist\n", "numpy.core.multiarray\n_reconstruct\n", "argparse\nNamespace\n", "__main__\nNet\n",
    ];

    // A dictionary that has itself, a list that has itself, a tuple of one that grows, and some of memory's places.
    private static readonly byte[][] s_pieces =
    [
        "}q\u0007X\u0001\0\0\0ah\u0007s"u8.ToArray(), "]q\u0008h\u0008a"u8.ToArray(), [0x85], [0x86], [0x87], "2"u8.ToArray(), "0"u8.ToArray(), "1"u8.ToArray(),
        "("u8.ToArray(), "t"u8.ToArray(), "u"u8.ToArray(), "e"u8.ToArray(), "R"u8.ToArray(), "b"u8.ToArray(), "Q"u8.ToArray(), [0x81], [0x88], [0x94], [0x93],
        "h\0"u8.ToArray(), "q\0"u8.ToArray(), "N"u8.ToArray(), "}"u8.ToArray(), "]"u8.ToArray(), ")"u8.ToArray(), "r\xff\xff\xff\x7f"u8.ToArray(),
    ];

    /// <summary>Damages a pickle once. What comes after its end stays.</summary>
    public static byte[] Mutate(byte[] content, Chance chance)
    {
        List<byte[]> steps = [.. Split(content)];
        if (content.Length > Longest || steps.Count == 0)
        {
            return RawMutation.Mutate(content, chance);
        }

        int at = chance.Below(steps.Count);
        int other = chance.Below(steps.Count);
        switch (chance.Below(10))
        {
            case 0:
                steps.RemoveAt(at);
                break;
            case 1:
                steps.Insert(at, steps[other]);
                break;
            case 2:
                (steps[at], steps[other]) = (steps[other], steps[at]);
                break;
            case 3:
                byte[][] piece = [.. steps.Skip(at).Take(chance.Between(1, 12))];
                int most = Longest / (piece.Sum(step => step.Length) + 1);
                steps.InsertRange(at, Enumerable.Repeat(piece, Math.Min(chance.Repeats(), most)).SelectMany(step => step));
                break;
            case 4:
                steps.Insert(at, [(byte)'c', .. Encoding.ASCII.GetBytes(chance.Of(s_globals))]);
                break;
            case 5:
                steps.Insert(at, chance.Of(s_pieces));
                break;
            case 6:
                byte[] text = Encoding.UTF8.GetBytes(chance.Word());
                steps[at] = [(byte)'X', .. BitConverter.GetBytes(text.Length), .. text];
                break;
            case 7:
                steps[at] = [0x8a, 8, .. BitConverter.GetBytes(chance.Number())];
                break;
            default:
                // An argument of an instruction, and seldom the instruction.
                byte[] step = [.. steps[at]];
                if (step.Length > 1 && !chance.OneIn(4))
                {
                    step = [step[0], .. RawMutation.Mutate(step[1..], chance)];
                }
                else
                {
                    step[0] = chance.Of(steps)[0];
                }

                steps[at] = step;
                break;
        }

        return [.. steps.SelectMany(step => step)];
    }

    private static IEnumerable<byte[]> Split(byte[] content)
    {
        for (int at = 0; at < content.Length;)
        {
            int length = Math.Min(content.Length - at, LengthOf(content.AsSpan(at)));
            yield return content[at..(at + length)];
            at += length;
        }
    }

    private static int LengthOf(ReadOnlySpan<byte> rest) => (char)rest[0] switch
    {
        'c' or 'i' => Lines(rest, 2),
        'S' => Lines(rest, 1),
        'K' or 'h' or 'q' or '\x80' => 2,
        'M' => 3,
        'J' or 'j' or 'r' => 5,
        'G' or '\x95' => 9,
        'U' or 'C' or '\x8c' or '\x8a' when rest.Length > 1 => 2 + rest[1],
        'X' or 'T' or 'B' or '\x8b' when rest.Length > 4 => Clamp(5, BinaryPrimitives.ReadUInt32LittleEndian(rest[1..])),
        '\x8d' or '\x8e' or '\x96' when rest.Length > 8 => Clamp(9, BinaryPrimitives.ReadUInt64LittleEndian(rest[1..])),
        _ => 1,
    };

    private static int Clamp(int head, ulong length) => head + (int)Math.Min(length, Longest);

    private static int Lines(ReadOnlySpan<byte> rest, int count)
    {
        int end = 1;
        for (; count > 0 && end < rest.Length; count--)
        {
            int line = rest[end..].IndexOf((byte)'\n');
            end = line < 0 ? rest.Length : end + line + 1;
        }

        return end;
    }
}
