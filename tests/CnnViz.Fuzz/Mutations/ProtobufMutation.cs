using System.Text;

namespace CnnViz.Fuzz.Mutations;

/// <summary>Damage to protocol buffers whose lengths stay right: fields that are missing, doubled, swapped, nested, or of another value.</summary>
internal static class ProtobufMutation
{
    private const int Deepest = 12;
    private const int Longest = 1 << 17;

    /// <summary>Damages a message once.</summary>
    public static byte[] Mutate(byte[] content, Chance chance)
    {
        if (content.Length > Longest || TryParse(content, 0) is not { Count: > 0 } root)
        {
            return RawMutation.Mutate(content, chance);
        }

        var places = new List<(List<Field> Message, int Index)>();
        Collect(root, places);
        (List<Field> message, int index) = chance.Of(places);
        Field field = message[index];
        (List<Field> otherMessage, int otherIndex) = chance.Of(places);
        Field other = otherMessage[otherIndex];
        switch (chance.Below(10))
        {
            case 0:
                message.RemoveAt(index);
                break;
            case 1:
                message.InsertRange(index, Enumerable.Repeat(field, Math.Min(chance.Repeats(), Longest / (field.Length + 1))));
                break;
            case 2:
                (message[index], otherMessage[otherIndex]) = (other.Copy(), field.Copy());
                break;
            case 3:
                message.Insert(index, other.Copy());
                break;
            case 4:
                message[index] = field with { Number = (uint)chance.Between(1, 16) };
                break;
            case 5 when field.Message is not null:
                message[index] = Nested(field, chance);
                break;
            case 6 or 7:
                // The value of another field of this kind: names of nodes and tensors, most of all.
                Field[] alike = [.. places.Select(place => place.Message[place.Index]).Where(one => one.Wire == field.Wire && one.Message is null == field.Message is null)];
                message[index] = chance.Of(alike).Copy() with { Number = field.Number };
                break;
            default:
                message[index] = Another(field, chance);
                break;
        }

        using var stream = new MemoryStream();
        root.ForEach(one => one.Write(stream));
        return stream.Length <= 4 * Longest ? stream.ToArray() : content;
    }

    private static void Collect(List<Field> message, List<(List<Field>, int)> places)
    {
        for (int i = 0; i < message.Count; i++)
        {
            places.Add((message, i));
            if (message[i].Message is { } inner)
            {
                Collect(inner, places);
            }
        }
    }

    private static Field Another(Field field, Chance chance) => field switch
    {
        { Wire: 0 } => field with { Value = unchecked((ulong)chance.Number()) },
        { Message: not null } => field with { Message = null, Bytes = [] },
        { Wire: 2 } when chance.OneIn(2) => field with { Bytes = Encoding.UTF8.GetBytes(chance.Word()) },
        { Wire: 5, Bytes: { } } => field with { Bytes = BitConverter.GetBytes(chance.Of([0f, -1f, 1e30f, float.NaN, float.PositiveInfinity, 1e-30f])) },
        _ => field with { Bytes = RawMutation.Mutate(field.Bytes!, chance), Wire = 2 },
    };

    // The message within itself, again and again.
    private static Field Nested(Field field, Chance chance)
    {
        Field whole = field;
        for (int i = Math.Min(chance.Repeats(), 300); i > 0 && whole.Length < Longest; i--)
        {
            whole = field with { Message = [.. field.Message!.Take(8), whole] };
        }

        return whole;
    }

    private static List<Field>? TryParse(ReadOnlySpan<byte> bytes, int depth)
    {
        var fields = new List<Field>();
        while (!bytes.IsEmpty)
        {
            if (!TryReadNumber(ref bytes, out ulong tag) || tag >> 3 is 0 or > 10_000)
            {
                return null;
            }

            (uint number, int wire) = ((uint)(tag >> 3), (int)(tag & 7));
            switch (wire)
            {
                case 0 when TryReadNumber(ref bytes, out ulong value):
                    fields.Add(new Field(number, wire, value));
                    break;
                case 1 or 5 when bytes.Length >= (wire == 1 ? 8 : 4):
                    int size = wire == 1 ? 8 : 4;
                    fields.Add(new Field(number, wire, Bytes: bytes[..size].ToArray()));
                    bytes = bytes[size..];
                    break;
                case 2 when TryReadNumber(ref bytes, out ulong length) && length <= (ulong)bytes.Length:
                    ReadOnlySpan<byte> inner = bytes[..(int)length];
                    bool isText = inner.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
                    List<Field>? message = isText || depth == Deepest ? null : TryParse(inner, depth + 1);
                    fields.Add(new Field(number, wire, Bytes: message is null ? inner.ToArray() : null, Message: message));
                    bytes = bytes[(int)length..];
                    break;
                default:
                    return null;
            }
        }

        return fields;
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < bytes.Length && i < 10; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    private sealed record Field(uint Number, int Wire, ulong Value = 0, byte[]? Bytes = null, List<Field>? Message = null)
    {
        // About, where it is a number.
        public int Length => Message is null ? 4 + (Bytes?.Length ?? 0) : Message.Sum(inner => inner.Length) + 4;

        // Messages that had one another would have no end.
        public Field Copy() => this with { Message = Message?.ConvertAll(inner => inner.Copy()) };

        public void Write(Stream stream)
        {
            Write(stream, Number << 3 | (uint)Wire);
            if (Wire == 0)
            {
                Write(stream, Value);
                return;
            }

            byte[] bytes = Bytes ?? ToBytes(Message!);
            if (Wire == 2)
            {
                Write(stream, (ulong)bytes.Length);
            }

            stream.Write(bytes);
        }

        private static byte[] ToBytes(List<Field> message)
        {
            using var stream = new MemoryStream();
            message.ForEach(inner => inner.Write(stream));
            return stream.ToArray();
        }

        private static void Write(Stream stream, ulong value)
        {
            for (; value >= 0x80; value >>= 7)
            {
                stream.WriteByte((byte)(value | 0x80));
            }

            stream.WriteByte((byte)value);
        }
    }
}
