using System.Globalization;
using System.Text;

namespace CnnViz.Showing.Terminal;

/// <summary>Sixel graphics, as the VT340 introduced them: bands of six rows, and in each band one line of sixels for each of its colours.</summary>
internal static class SixelEncoder
{
    /// <summary>Rows of a band.</summary>
    public const int BandHeight = 6;

    // Pixels are square, and what no colour covers stays as it is.
    private const string Introducer = "\u001bP0;1;0q\"1;1;";
    private const string Terminator = "\u001b\\";

    // A sixel is six pixels below one another, the lowest bit on top, in the characters from here on.
    private const char Empty = '?';

    // From here on a repetition (!5~) is shorter than the sixels themselves.
    private const int WorthRepeating = 4;

    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">The picture. Sixel colours are percentages: one becomes the nearest of 101 steps of red, green and blue.</param>
    /// <returns>The device control string, all of it.</returns>
    public static string Encode(IndexedPicture picture)
    {
        var text = new StringBuilder(Introducer);
        text.Append(CultureInfo.InvariantCulture, $"{picture.Width};{picture.Height}");
        for (int i = 0; i < picture.Palette.Length; i++)
        {
            int colour = picture.Palette[i];
            text.Append(
                CultureInfo.InvariantCulture,
                $"#{i};2;{Percent(colour >> 16)};{Percent((colour >> 8) & 255)};{Percent(colour & 255)}");
        }

        var lines = new byte[picture.Palette.Length][];
        for (int top = 0; top < picture.Height; top += BandHeight)
        {
            text.Append(top == 0 ? string.Empty : "-");
            AppendBand(text, picture, top, lines);
        }

        return text.Append(Terminator).ToString();
    }

    private static void AppendBand(StringBuilder text, IndexedPicture picture, int top, byte[][] lines)
    {
        Array.Clear(lines);
        int rows = Math.Min(BandHeight, picture.Height - top);
        for (int row = 0; row < rows; row++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                byte colour = picture.Pixels[(top + row) * picture.Width + x];
                (lines[colour] ??= new byte[picture.Width])[x] |= (byte)(1 << row);
            }
        }

        bool isFirst = true;
        for (int colour = 0; colour < lines.Length; colour++)
        {
            if (lines[colour] is { } line)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(isFirst ? string.Empty : "$")}#{colour}");
                AppendLine(text, line);
                isFirst = false;
            }
        }
    }

    private static void AppendLine(StringBuilder text, byte[] line)
    {
        int end = Array.FindLastIndex(line, sixel => sixel != 0) + 1;
        for (int start = 0, next; start < end; start = next)
        {
            next = start + 1;
            while (next < end && line[next] == line[start])
            {
                next++;
            }

            int count = next - start;
            char sixel = (char)(Empty + line[start]);
            _ = count < WorthRepeating ? text.Append(sixel, count) : text.Append(CultureInfo.InvariantCulture, $"!{count}{sixel}");
        }
    }

    private static int Percent(int value) => (value * 100 + 127) / 255;
}
