namespace CnnViz.Import.TorchScript;

/// <summary>Finds the size of image that a program was made for, which its archive does not say.</summary>
internal static class ScriptSizes
{
    /// <summary>The side of images of networks that take any size.</summary>
    public const int Usual = 224;

    private const int Largest = 1024;

    private static readonly int[] s_usual = [28, 32, 48, 64, 96, 100, 112, 128, 150, 160, 192, 200, 224, 227, 240, 256, 299, 300, 320, 384, 416, 448, 512, 600, 640];

    // Of cameras, of lines of text, of people and of roads; height first.
    private static readonly (int Height, int Width)[] s_oblong =
    [
        (240, 320), (120, 160), (480, 640), (60, 80), (32, 100), (32, 128), (32, 256), (64, 128), (64, 256), (128, 256), (96, 128), (66, 200),
        (48, 96), (24, 94), (112, 96), (180, 320), (360, 640), (144, 256), (144, 176), (192, 256), (288, 384), (160, 320), (288, 512), (256, 512),
    ];

    /// <summary>Writes a program down for images of the usual size, or of one that its first dense layer takes.</summary>
    /// <param name="archive">The program.</param>
    /// <returns>The network and the size of its images. Where no size is found, what comes before the operation that fails.</returns>
    public static (ScriptTranslation Translation, int Height, int Width) Find(ScriptArchive archive)
    {
        ScriptSizeException? failure = Try(archive, Usual, Usual, out ScriptTranslation? found);
        if (failure is null)
        {
            return (found!, Usual, Usual);
        }

        IEnumerable<int> sides = failure.Wanted > 0 ? SidesOf(archive, failure) : s_usual.Where(side => side != Usual);
        IEnumerable<(int, int)> sizes =
            sides.Select(side => (side, side)).Concat(s_oblong).Concat(s_oblong.Select(size => (size.Width, size.Height)));
        foreach ((int height, int width) in sizes)
        {
            if (Try(archive, height, width, out found) is null)
            {
                return (found!, height, width);
            }
        }

        ScriptTranslation part = ScriptTranslation.Of(archive, (Usual, Usual), keepsGoing: true);
        part.Network.Notes.Add("No image of a usual size fits all of its layers: give -InputSize, if you know the size.");
        return (part, Usual, Usual);
    }

    private static ScriptSizeException? Try(ScriptArchive archive, int height, int width, out ScriptTranslation? found)
    {
        found = null;
        try
        {
            found = ScriptTranslation.Of(archive, (height, width));
            return null;
        }
        catch (ScriptSizeException exception)
        {
            return exception;
        }
    }

    // A larger image gives the layer more values, or as many: halve what is left until the smallest side is found that gives it enough.
    private static IEnumerable<int> SidesOf(ScriptArchive archive, ScriptSizeException atUsual)
    {
        (int low, int high) = atUsual.Given > atUsual.Wanted ? (1, Usual) : (Usual + 1, Largest);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (IsEnough(archive, middle))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        // The next usual side is likelier than the smallest, if it gives the same.
        return s_usual.Where(side => side >= low).Take(1).Append(low);
    }

    // Images that are too small to get that far fail elsewhere.
    private static bool IsEnough(ScriptArchive archive, int side) => Try(archive, side, side, out _) is not { } failure
        || (failure.Wanted > 0 && failure.Given >= failure.Wanted);
}
