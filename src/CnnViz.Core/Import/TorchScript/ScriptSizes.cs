namespace CnnViz.Import.TorchScript;

/// <summary>Finds the size of image that a program was made for, which its archive does not say.</summary>
internal static class ScriptSizes
{
    /// <summary>The side of images of networks that take any size.</summary>
    public const int Usual = 224;

    private const int Largest = 1024;

    private static readonly int[] s_usual = [28, 32, 48, 64, 96, 100, 112, 128, 150, 160, 192, 200, 224, 227, 240, 256, 299, 300, 320, 384, 416, 448, 512, 600, 640];

    /// <summary>Writes a program down for images of the usual size, or of one that its first dense layer takes.</summary>
    /// <param name="archive">The program.</param>
    /// <returns>The network and the side of its images. Where no size is found, what comes before the operation that fails.</returns>
    public static (ScriptTranslation Translation, int Side) Find(ScriptArchive archive)
    {
        ScriptSizeException? failure = Try(archive, Usual, out ScriptTranslation? found);
        if (failure is null)
        {
            return (found!, Usual);
        }

        IEnumerable<int> sides = failure.Wanted > 0 ? SidesOf(archive, failure) : s_usual.Where(side => side != Usual);
        foreach (int side in sides)
        {
            if (Try(archive, side, out found) is null)
            {
                return (found!, side);
            }
        }

        ScriptTranslation part = ScriptTranslation.Of(archive, (Usual, Usual), keepsGoing: true);
        part.Network.Notes.Add("No square image fits all of its layers: give -InputSize, if you know the size.");
        return (part, Usual);
    }

    private static ScriptSizeException? Try(ScriptArchive archive, int side, out ScriptTranslation? found)
    {
        found = null;
        try
        {
            found = ScriptTranslation.Of(archive, (side, side));
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
    private static bool IsEnough(ScriptArchive archive, int side) => Try(archive, side, out _) is not { } failure
        || (failure.Wanted > 0 && failure.Given >= failure.Wanted);
}
