using CnnViz.Pictures;
using CnnViz.Showing.Files;

namespace CnnViz.Showing.Animations;

/// <summary>Where animations are written: a folder, or a template such as <c>out/{Layer}_{Filter:000}.gif</c>.</summary>
public sealed class AnimationFiles
{
    private readonly FileNames _names;
    private readonly DistinctNames _distinct = new();

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="format">The format, or null for that of the path's extension or, failing that, GIF.</param>
    /// <exception cref="CnnVizException">The extension is no format's or not that of the format, or a placeholder is not known.</exception>
    public AnimationFiles(string path, AnimationFormat? format)
    {
        string? extension = FileNames.ExtensionOf(path);
        AnimationFormat? byName = extension is null ? null : AnimationFormats.FromPath(extension);
        bool isPicture = byName is null && extension is not null && PictureFormats.FromPath(extension) is not null;
        if (extension is not null && byName is null && !isPicture)
        {
            throw FileNames.UnknownFormat(path, "an animation", ".gif", ".webp");
        }

        Format = format ?? byName ?? AnimationFormat.Gif;
        if (isPicture || (byName is not null && byName != Format))
        {
            throw new CnnVizException(
                "FormatMismatch",
                $"'{Path.GetFileName(path)}' is not a file name for an animation in the format {Format}.",
                "Give a name that ends in .gif or .webp, or leave -Format or the extension out.");
        }

        _names = new FileNames(path, Format.Extension());
    }

    /// <summary>The format of the files.</summary>
    public AnimationFormat Format { get; }

    /// <summary>Full path of an animation's file, named after its first picture.</summary>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of a filter's picture, or a format that does not
    /// fit.</exception>
    public string PathOf(FilterAnimation animation) => _names.PathOf(animation.First, animation.Count == 1 ? null : "{Model}_{Layer}");

    /// <summary>As <see cref="PathOf"/>; an animation that would get the file of one before it gets another one, whose name has at its end what
    /// makes it differ from that one.</summary>
    public string TakePath(FilterAnimation animation) => _distinct.Take(PathOf(animation), animation.First.Names);

    /// <summary>Writes an animation with the facts of its pictures, whole or not at all; makes the folder if need be.</summary>
    /// <param name="animation">The animation.</param>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="settings">How it is shown.</param>
    /// <param name="progress">Told of each frame that is drawn or written; or null.</param>
    /// <param name="cancellation">Stops at the next frame.</param>
    /// <exception cref="CnnVizException">Frames of the format cannot be so large, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; there is no file then.</exception>
    public void Write(
        FilterAnimation animation,
        string path,
        AnimationSettings settings,
        IProgress<AnimationProgress>? progress = null,
        CancellationToken cancellation = default) =>
        WholeFile.Write(path, Draw(animation, settings, progress, cancellation), cancellation);

    /// <summary>Whether the file that would be written is there already, the same to the byte.</summary>
    /// <param name="animation">The animation.</param>
    /// <param name="path">Full path of the file.</param>
    /// <param name="settings">How it is shown.</param>
    /// <param name="progress">Told of each frame that is drawn or compared; or null.</param>
    /// <param name="cancellation">Stops at the next frame.</param>
    /// <exception cref="CnnVizException">Frames of the format cannot be so large, or the file cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public bool Has(
        FilterAnimation animation,
        string path,
        AnimationSettings settings,
        IProgress<AnimationProgress>? progress = null,
        CancellationToken cancellation = default) =>
        WholeFile.Has(path, Draw(animation, settings, progress, cancellation), cancellation);

    // Draws all frames before anything is written, and gives back what writes them.
    private Action<Stream> Draw(
        FilterAnimation animation, AnimationSettings settings, IProgress<AnimationProgress>? progress, CancellationToken cancellation)
    {
        int done = 0;
        int total = 2 * animation.Steps.Length;
        IReadOnlyList<PictureBytes> frames = animation.Draw(Format.LongestSide(), Next);
        int[] delays = [.. Enumerable.Repeat(settings.Delay, frames.Count - 1), settings.Hold];
        return stream => AnimationFile.Write(stream, frames, delays, Format, settings.Loop, settings.Quality, animation.Facts, Next);

        void Next()
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new AnimationProgress(++done, total));
        }
    }
}
