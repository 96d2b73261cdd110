using System.Text;
using CnnViz.Ascent;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using CnnViz.Runtimes;

namespace CnnViz.Plans;

/// <summary>What the files of a plan's folder say of ascents: the pictures, and the files that take their places where there are none.</summary>
internal static class PlanFacts
{
    private const long LargestFile = 32 << 20;
    private const int LongestSide = 1 << 14;

    /// <summary>Writes the facts of an ascent that came to no picture, whole or not at all.</summary>
    /// <exception cref="CnnVizException">They cannot be written.</exception>
    public static void Write(string path, FilterImageFacts facts, CancellationToken cancellation) =>
        WholeFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(FactsText.Write(facts))), cancellation);

    /// <summary>Reads the facts of an ascent that came to no picture, with a grey one in its place.</summary>
    /// <returns>The picture; the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">There is no such file, or it says what cannot be true.</exception>
    public static FilterImage ReadBlank(string path)
    {
        FilterImageFacts facts = TryRead(path) is { Height: <= LongestSide, Width: <= LongestSide } known
            ? known
            : throw new CnnVizException("PictureFactsInvalid", $"The facts in '{path}' are damaged.", "Run Invoke-FilterPlan again.") { Path = path };
        NativeLibraries.EnsureLoaded();
        return new FilterImage(HeldNumbers.Full([3, facts.Height, facts.Width], 0.5f), null, facts, path);
    }

    /// <summary>Reads what a file says of an ascent.</summary>
    /// <param name="path">Path of a picture, or of a file of facts.</param>
    /// <returns>Null where there is no such file, or it says nothing that can be true.</returns>
    public static FilterImageFacts? TryRead(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true } file)
            {
                return null;
            }

            if (!path.EndsWith(PlanFolder.FactsExtension, StringComparison.Ordinal))
            {
                return FilterImageFile.ReadFacts(path);
            }

            FilterImageFacts? facts = file.Length > LargestFile ? null : FactsText.TryRead<FilterImageFacts>(File.ReadAllText(path));
            return facts?.IsPlausible() == true ? facts : null;
        }
        catch (Exception exception) when (exception is CnnVizException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
