namespace CnnViz.Ascent;

/// <summary>
/// Pictures of single filters and classes that lie on the disk, by what their files say: model (SHA-256), filter, seed, direction, preprocessing
/// and all numbers of the recipe. An ascent that would make one of them again is left out.
/// </summary>
public sealed class ExistingPictures
{
    private readonly HashSet<string> _ascents;

    /// <summary>Reads what files say, not their pixels. Files that say nothing of an ascent do not count, and may be no pictures at all.</summary>
    /// <param name="files">Paths of the files.</param>
    /// <param name="cancellation">Stops between two files.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ExistingPictures(IEnumerable<string> files, CancellationToken cancellation = default) =>
        _ascents = [.. files.AsParallel().WithCancellation(cancellation).Select(AscentOf).OfType<string>()];

    /// <summary>Pictures of which others have read what their files say.</summary>
    /// <param name="facts">What they say.</param>
    internal ExistingPictures(IEnumerable<FilterImageFacts> facts) => _ascents = [.. facts.Where(TellsAll).Select(known => known.Ascent)];

    /// <summary>How many different ones there are.</summary>
    public int Count => _ascents.Count;

    /// <summary>Whether the picture that an ascent would make is there.</summary>
    /// <param name="objective">What is raised. The text of one that is not a whole filter does not tell all of it, so that is never there.</param>
    /// <param name="recipe">The numbers, all of them known.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="minimize">Whether the activation goes down.</param>
    internal bool Has(CnnObjective objective, Recipe recipe, long seed, bool minimize) =>
        objective.Filter is not null && !objective.LooksAtPart && _ascents.Contains(FilterImageFacts.Planned(objective, recipe, seed, minimize).Ascent);

    /// <summary>Whether a dream is there.</summary>
    /// <param name="objective">What is raised. One whose text does not tell all of it is never there.</param>
    /// <param name="recipe">The numbers, all of them known, with the photo's size.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="photoSha256">SHA-256 of the photo's file, in lower-case hexadecimal.</param>
    internal bool HasDream(CnnObjective objective, Recipe recipe, long seed, string photoSha256) =>
        objective.IsToldByText
        && _ascents.Contains((FilterImageFacts.Planned(objective, recipe, seed, minimize: false) with { InitialImageSha256 = photoSha256 }).Ascent);

    private static string? AscentOf(string path)
    {
        try
        {
            FilterImageFacts facts = FilterImageFile.ReadFacts(path);
            return TellsAll(facts) ? facts.Ascent : null;
        }
        catch (Exception exception) when (exception is CnnVizException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Of other pictures that an ascent was given, files have no more than the names.
    private static bool TellsAll(FilterImageFacts facts) =>
        facts.Spectrum is null && facts.References is null
        && (facts.Dream is null ? facts.InitialImage is null && facts.Filter is not null : facts.InitialImageSha256 is not null);
}
