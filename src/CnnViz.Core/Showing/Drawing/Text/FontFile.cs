using System.Buffers.Binary;
using System.Text;

namespace CnnViz.Showing.Drawing.Text;

/// <summary>The bytes of a TrueType font file: its tables, and the numbers in them, which are big-endian.</summary>
/// <param name="data">The file.</param>
/// <remarks>Layout: OpenType specification, "The OpenType font file".</remarks>
internal sealed class FontFile(byte[] data)
{
    /// <summary>Where a table begins.</summary>
    /// <exception cref="InvalidDataException">There is no such table.</exception>
    public int Table(string tag)
    {
        for (int i = 0; i < UInt16(4); i++)
        {
            int entry = 12 + i * 16;
            if (Encoding.ASCII.GetString(data, entry, 4) == tag)
            {
                return UInt32(entry + 8);
            }
        }

        throw new InvalidDataException($"The font has no table '{tag}'.");
    }

    public byte Byte(int offset) => data[offset];

    public int Int16(int offset) => BinaryPrimitives.ReadInt16BigEndian(data.AsSpan(offset));

    public int UInt16(int offset) => BinaryPrimitives.ReadUInt16BigEndian(data.AsSpan(offset));

    public int UInt32(int offset) => (int)BinaryPrimitives.ReadUInt32BigEndian(data.AsSpan(offset));

    /// <summary>A number with 2 bits before the point and 14 behind it.</summary>
    public float Fraction(int offset) => Int16(offset) / 16384f;
}
