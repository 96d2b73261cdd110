using System.Globalization;
using System.Text;

namespace CnnViz.Showing.Terminal;

/// <summary>Pictures of half blocks: the upper pixel of a cell is the colour of ▀, the lower one that behind it.</summary>
internal static class HalfBlocks
{
    private const char UpperHalf = '▀';
    private const string Reset = "\u001b[0m";

    /// <summary>Draws a picture, a cell for every two pixels below one another.</summary>
    /// <param name="picture">The picture, at the size at which it is to be seen.</param>
    /// <returns>A line for every two rows. Each begins and ends in the terminal's own colours; the last half of an odd height stays in them.</returns>
    public static string[] Encode(RgbPicture picture) =>
        [.. Enumerable.Range(0, (picture.Height + 1) / 2).Select(row => Line(picture, 2 * row))];

    private static string Line(RgbPicture picture, int y)
    {
        var line = new StringBuilder();
        int? front = null;
        int? back = null;
        for (int x = 0; x < picture.Width; x++)
        {
            int upper = picture[x, y];
            int? lower = y + 1 < picture.Height ? picture[x, y + 1] : null;

            // Two pixels of one colour need no block, and so no new colour for it.
            bool isPlain = upper == lower;
            string colours = string.Join(';', Changes(isPlain ? front : upper, front, 38).Concat(Changes(lower, back, 48)));
            if (colours.Length > 0)
            {
                line.Append("\u001b[").Append(colours).Append('m');
            }

            (front, back) = (isPlain ? front : upper, lower);
            line.Append(isPlain ? ' ' : UpperHalf);
        }

        return line.Append(Reset).ToString();
    }

    private static IEnumerable<string> Changes(int? wanted, int? current, int code)
    {
        if (wanted is { } colour && wanted != current)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"{code};2;{colour >> 16};{(colour >> 8) & 255};{colour & 255}");
        }
    }
}
