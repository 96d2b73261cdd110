using CnnViz.Pictures;
using CnnViz.Showing.Files;

namespace CnnViz.Showing.Animations;

/// <summary>Where animations are written: a folder, or a template such as <c>out/{Layer}_{Filter:000}.gif</c>.</summary>
public sealed class AnimationFiles
{
    private readonly FileNames _names;

    /// <summary>Takes a path apart.</summary>
    /// <param name="path">Full path of a folder or a file, with or without placeholders.</param>
    /// <param name="format">The format, or null for that of the path's extension or, failing that, GIF.</param>
    /// <exception cref="CnnVizException">Extension and format contradict each other, or a placeholder is not known.</exception>
    public AnimationFiles(string path, AnimationFormat? format)
    {
        AnimationFormat? byName = AnimationFormats.FromPath(path);
        bool isPicture = byName is null && PictureFormats.FromPath(path) is not null;
        Format = format ?? byName ?? AnimationFormat.Gif;
        if (isPicture || (byName is not null && byName != Format))
        {
            throw new CnnVizException(
                "FormatMismatch",
                $"'{Path.GetFileName(path)}' is not a file name for an animation in the format {Format}.",
                "Give a name that ends in .gif or .webp, or leave -Format or the extension out.");
        }

        _names = new FileNames(path, Format.Extension(), byName is not null);
    }

    /// <summary>The format of the files.</summary>
    public AnimationFormat Format { get; }

    /// <summary>Full path of an animation's file, named after its first picture.</summary>
    /// <exception cref="CnnVizException">The template has a placeholder that says nothing of a filter's picture, or a format that does not
    /// fit.</exception>
    public string PathOf(FilterAnimation animation) => _names.PathOf(animation.First, animation.Count == 1 ? null : "{Model}_{Layer}");

    /// <summary>Writes an animation with the facts of its pictures, whole or not at all; makes the folder if need be.</summary>
    /// <param name="animation">The animation.</param>
    /// <param name="path">Full path of the file; one that is there is replaced.</param>
    /// <param name="settings">How it is shown.</param>
    /// <exception cref="CnnVizException">Frames of the format cannot be so large.</exception>
    public void Write(FilterAnimation animation, string path, AnimationSettings settings)
    {
        IReadOnlyList<PictureBytes> frames = animation.Draw(Format.LongestSide());
        int[] delays = [.. Enumerable.Repeat(settings.Delay, frames.Count - 1), settings.Hold];
        WholeFile.Write(path, stream => AnimationFile.Write(stream, frames, delays, Format, settings.Loop, settings.Quality, animation.Facts));
    }
}
