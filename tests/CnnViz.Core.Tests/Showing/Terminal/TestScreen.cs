using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using CnnViz.Showing.Terminal;

namespace CnnViz.Tests.Showing.Terminal;

/// <summary>What a terminal makes of what is written to it: a little reader of half blocks, and one of Sixel graphics.</summary>
internal static partial class TestScreen
{
    /// <summary>The two colours of each cell of a line; null is the terminal's own.</summary>
    public static (int? Upper, int? Lower)[] Cells(string line)
    {
        var cells = new List<(int?, int?)>();
        int? front = null;
        int? back = null;
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '\u001b')
            {
                Assert.Contains(line[i], " ▀");
                cells.Add((line[i] == ' ' ? back : front, back));
                continue;
            }

            int end = line.IndexOf('m', i);
            int[] codes = [.. line[(i + 2)..end].Split(';').Select(code => int.Parse(code, CultureInfo.InvariantCulture))];
            for (int at = 0; at < codes.Length;)
            {
                if (codes[at] == 0)
                {
                    (front, back) = (null, null);
                    at++;
                    continue;
                }

                Assert.Equal(2, codes[at + 1]);
                int colour = (codes[at + 2] << 16) | (codes[at + 3] << 8) | codes[at + 4];
                front = codes[at] == 38 ? colour : front;
                back = codes[at] == 48 ? colour : back;
                at += 5;
            }

            i = end;
        }

        Assert.Null(front);
        Assert.Null(back);
        return [.. cells];
    }

    /// <summary>The pixels of Sixel graphics: red, green and blue in percent, or null where nothing was drawn.</summary>
    public static ((int Red, int Green, int Blue)?[,] Pixels, int Width, int Height) Sixels(string text)
    {
        Match match = Graphics().Match(text);
        Assert.True(match.Success);
        (int width, int height) = (Number(match, "width"), Number(match, "height"));
        var pixels = new (int, int, int)?[height, width];
        var palette = new Dictionary<int, (int, int, int)>();
        int colour = -1;
        int x = 0;
        int top = 0;
        foreach (Match command in Commands().Matches(match.Groups["data"].Value))
        {
            switch (command.Value[0])
            {
                case '#' when command.Groups["red"].Success:
                    palette[Number(command, "colour")] = (Number(command, "red"), Number(command, "green"), Number(command, "blue"));
                    break;
                case '#':
                    colour = Number(command, "colour");
                    break;
                case '$':
                    x = 0;
                    break;
                case '-':
                    (x, top) = (0, top + 6);
                    break;
                default:
                    int sixel = command.Groups["sixel"].Value[0] - '?';
                    for (int count = command.Groups["count"].Success ? Number(command, "count") : 1; count > 0; count--, x++)
                    {
                        for (int row = 0; row < 6; row++)
                        {
                            if ((sixel & (1 << row)) != 0)
                            {
                                // No pixel twice, and none outside.
                                Assert.Null(pixels[top + row, x]);
                                pixels[top + row, x] = palette[colour];
                            }
                        }
                    }

                    break;
            }
        }

        return (pixels, width, height);
    }

    /// <summary>A text without escape sequences.</summary>
    public static string Plain(string text) => Sequences().Replace(text, string.Empty);

    /// <summary>A picture whose every pixel is another colour.</summary>
    public static RgbPicture Gradient(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        for (int i = 0; i < width * height; i++)
        {
            (pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2]) =
                ((byte)(255 * (i % width) / width), (byte)(255 * (i / width) / height), (byte)(i * 7));
        }

        return new RgbPicture(width, height, pixels);
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex("""^\x1bP0;1;0q"1;1;(?<width>\d+);(?<height>\d+)(?<data>[^\x1b]*)\x1b\\$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Graphics();

    [GeneratedRegex(
        """#(?<colour>\d+)(;2;(?<red>\d+);(?<green>\d+);(?<blue>\d+))?|!(?<count>\d+)(?<sixel>[?-~])|(?<sixel>[?-~])|\$|-""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Commands();

    [GeneratedRegex(@"\x1bP[^\x1b]*\x1b\\|\x1b\[[0-9;]*[A-Za-z]|\x1b[78]")]
    private static partial Regex Sequences();
}
