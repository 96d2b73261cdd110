using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;
using SixLabors.ImageSharp.Processing.Processors.Quantization;

namespace CnnViz.Pictures.Codecs;

/// <summary>A few colours that stand for those of pictures.</summary>
internal sealed class ColourTable
{
    // Colours are chosen by this many pixels at most.
    private const int MostPixels = 4_000_000;

    private readonly Dictionary<int, byte> _nearest = [];

    private ColourTable(int[] colours) => Colours = colours;

    /// <summary>The colours, 0xRRGGBB each.</summary>
    public int[] Colours { get; }

    /// <summary>The colours that do it best for all pictures together (Xiaolin Wu's); their own, where there are few enough.</summary>
    /// <param name="pictures">The pictures, RGB.</param>
    /// <param name="most">The most colours, 2…256.</param>
    public static ColourTable Of(IReadOnlyList<PictureBytes> pictures, int most) =>
        new(OwnColours(pictures, most) ?? ChosenColours(pictures, most));

    /// <summary>The number of the nearest colour.</summary>
    /// <param name="red">0…255.</param>
    /// <param name="green">0…255.</param>
    /// <param name="blue">0…255.</param>
    public byte Nearest(int red, int green, int blue)
    {
        int colour = (red << 16) | (green << 8) | blue;
        if (_nearest.TryGetValue(colour, out byte known))
        {
            return known;
        }

        (int best, int least) = (0, int.MaxValue);
        for (int i = 0; i < Colours.Length && least > 0; i++)
        {
            (int r, int g, int b) = (red - (Colours[i] >> 16), green - ((Colours[i] >> 8) & 255), blue - (Colours[i] & 255));
            int distance = r * r + g * g + b * b;
            (best, least) = distance < least ? (i, distance) : (best, least);
        }

        return _nearest[colour] = (byte)best;
    }

    // Null where there are more.
    private static int[]? OwnColours(IReadOnlyList<PictureBytes> pictures, int most)
    {
        var known = new HashSet<int>();
        foreach (PictureBytes picture in pictures)
        {
            for (int i = 0; i < picture.Samples.Length; i += 3)
            {
                if (known.Add((picture.Samples[i] << 16) | (picture.Samples[i + 1] << 8) | picture.Samples[i + 2]) && known.Count > most)
                {
                    return null;
                }
            }
        }

        return [.. known];
    }

    private static int[] ChosenColours(IReadOnlyList<PictureBytes> pictures, int most)
    {
        // The quantizer takes one picture, so all stand in one, in a row; of very many pixels, some.
        long all = pictures.Sum(picture => (long)picture.Height * picture.Width);
        int step = (int)((all + MostPixels - 1) / MostPixels);
        var row = new List<byte>();
        foreach (PictureBytes picture in pictures)
        {
            for (int at = 0; at < picture.Samples.Length; at += 3 * step)
            {
                row.AddRange(picture.Samples.AsSpan(at, 3));
            }
        }

        var options = new QuantizerOptions { MaxColors = most, Dither = null };
        using IQuantizer<Rgb24> quantizer = new WuQuantizer(options).CreatePixelSpecificQuantizer<Rgb24>(PictureEncoder.Configuration);
        using Image<Rgb24> image = Image.LoadPixelData<Rgb24>(PictureEncoder.Configuration, row.ToArray(), row.Count / 3, 1);
        quantizer.AddPaletteColors(new Buffer2DRegion<Rgb24>(image.Frames.RootFrame.PixelBuffer));
        return [.. quantizer.Palette.ToArray().Select(colour => (colour.R << 16) | (colour.G << 8) | colour.B)];
    }
}
