using CnnViz.Pictures.Codecs;

namespace CnnViz.Pictures;

/// <summary>Animations to files.</summary>
internal static class AnimationFile
{
    /// <summary>Writes an animation.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="frames">The frames, RGB, all of one size.</param>
    /// <param name="delays">Time that each stands, in milliseconds.</param>
    /// <param name="format">Format of the file.</param>
    /// <param name="loops">How often they are shown; 0 for without end.</param>
    /// <param name="quality">1…100, for WebP: 100 is exact.</param>
    /// <param name="facts">What to write beside the pixels.</param>
    /// <param name="written">Called after each frame; or null.</param>
    public static void Write(
        Stream stream,
        IReadOnlyList<PictureBytes> frames,
        IReadOnlyList<int> delays,
        AnimationFormat format,
        int loops,
        int quality,
        PictureFacts facts,
        Action? written = null)
    {
        if (format == AnimationFormat.Webp)
        {
            WebpAnimation.Write(stream, frames, delays, loops, quality, facts, written);
        }
        else
        {
            GifWriter.Write(stream, frames, delays, loops, facts.Json, written);
        }
    }
}
