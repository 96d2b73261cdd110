using System.Text;

namespace CnnViz.Import.PyTorch;

/// <summary>The bytes of a pickle, of which no more is held at a time than a small buffer.</summary>
/// <param name="file">The file, for errors.</param>
/// <param name="stream">The bytes, from where the stream stands.</param>
internal sealed class PickleInput(WeightFile file, Stream stream)
{
    /// <summary>Bytes of the longest text that is kept. Keys are shorter.</summary>
    public const int LongestText = 4096;

    private readonly byte[] _buffer = new byte[2 * LongestText];
    private int _next;
    private int _filled;

    /// <summary>How many bytes have been taken.</summary>
    public long Position => stream.Position - (_filled - _next);

    private long Left => stream.Length - Position;

    /// <summary>Takes one byte.</summary>
    /// <exception cref="ModelFormatException">There is none, which holds for the other methods too.</exception>
    public byte Byte() => Take(1)[0];

    /// <summary>Takes a number, least byte first.</summary>
    /// <param name="size">Its bytes, 1 to 8.</param>
    public ulong Number(int size)
    {
        ReadOnlySpan<byte> bytes = Take(size);
        ulong number = 0;
        for (int i = size - 1; i >= 0; i--)
        {
            number = (number << 8) | bytes[i];
        }

        return number;
    }

    /// <summary>Takes a few bytes; they are valid until more are taken.</summary>
    public ReadOnlySpan<byte> Take(int count)
    {
        if (_filled - _next < count)
        {
            _buffer.AsSpan(_next, _filled - _next).CopyTo(_buffer);
            _filled -= _next;
            _next = 0;
            while (_filled < count)
            {
                int read = stream.Read(_buffer, _filled, _buffer.Length - _filled);
                _filled += read > 0 ? read : throw Ended();
            }
        }

        _next += count;
        return _buffer.AsSpan(_next - count, count);
    }

    /// <summary>Takes text of so many bytes; null, past it, where that is longer than anything that matters.</summary>
    public string? Text(ulong count)
    {
        if (count <= LongestText)
        {
            return Encoding.UTF8.GetString(Take((int)count));
        }

        Skip(count);
        return null;
    }

    /// <summary>Takes text up to the end of the line.</summary>
    public string Line()
    {
        Span<byte> line = stackalloc byte[512];
        for (int i = 0; i < line.Length; i++)
        {
            line[i] = Byte();
            if (line[i] == '\n')
            {
                return Encoding.UTF8.GetString(line[..i]);
            }
        }

        throw file.Damaged("its pickle names something too long");
    }

    /// <summary>Passes over so many bytes.</summary>
    public void Skip(ulong count)
    {
        if (count > (ulong)Left)
        {
            throw Ended();
        }

        if (count <= (ulong)(_filled - _next))
        {
            _next += (int)count;
            return;
        }

        stream.Position = Position + (long)count;
        _next = _filled = 0;
    }

    private ModelFormatException Ended() => file.Damaged("its pickle ends too early");
}
