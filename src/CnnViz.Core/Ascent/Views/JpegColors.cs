using System.Buffers;

namespace CnnViz.Ascent;

/// <summary>
/// The arithmetic of <see cref="JpegRounding"/> for images of three channels: brightness, and two differences of colour at half the
/// resolution. Strips are of 16 rows.
/// </summary>
/// <param name="padded">The images' planes, in strips of 16 rows.</param>
/// <param name="luminance">Steps of the frequencies of brightness, 8×8.</param>
/// <param name="chrominance">Steps of the frequencies of colours, 8×8.</param>
internal sealed unsafe class JpegColors(PaddedPlane padded, float[] luminance, float[] chrominance)
{
    /// <summary>Number of channels.</summary>
    public const int Channels = 3;

    /// <summary>Rows of a strip.</summary>
    public const int Rows = 2 * CosineBlock.Side;

    private const float Middle = 128;

    private static readonly float[] s_colorsTurned = ColorMatrix.Turn(JpegCompression.Colors);
    private static readonly float[] s_colorsBackTurned = ColorMatrix.Turn(JpegCompression.ColorsBack);

    private readonly int _width = padded.Width;
    private readonly int _stripSize = padded.StripSize;
    private readonly int _halfWidth = padded.Width / 2;
    private readonly int _halfStripSize = padded.StripSize / 4;

    /// <summary>Compresses strips of an image and opens them. Colours that are enlarged need those of the strips next to them: at both
    /// ends, these are made too.</summary>
    /// <param name="source">The image, 3×H×W.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="first">The first strip.</param>
    /// <param name="last">The strip behind the last one.</param>
    public void Compress(float* source, float* target, int first, int last)
    {
        int before = Math.Max(first - 1, 0);
        int behind = Math.Min(last + 1, padded.Strips);
        int halfSize = (behind - before) * _halfStripSize;
        float[] space = ArrayPool<float>.Shared.Rent(Channels * _stripSize + (last - first) * _stripSize + 2 * halfSize + _halfWidth + 2);
        fixed (float* lines = space)
        {
            float* brightness = lines + Channels * _stripSize;
            float* halves = brightness + (last - first) * _stripSize;
            float* mixed = halves + 2 * halfSize;
            for (int strip = before; strip < behind; strip++)
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    padded.ReadStrip(source + channel * padded.ImageSize, strip, lines + channel * _stripSize);
                }

                ColorMatrix.Apply(lines, lines, _stripSize, _stripSize, JpegCompression.Colors);
                if (strip >= first && strip < last)
                {
                    CosineBlock.Round(lines, brightness + (strip - first) * _stripSize, Rows, _width, luminance, Middle);
                }

                for (int color = 0; color < 2; color++)
                {
                    float* half = halves + color * halfSize + (strip - before) * _halfStripSize;
                    Shrink(lines + (color + 1) * _stripSize, half);
                    CosineBlock.Round(half, half, Rows / 2, _halfWidth, chrominance, 0);
                }
            }

            for (int strip = first; strip < last; strip++)
            {
                int done = (strip - first) * _stripSize;
                new ReadOnlySpan<float>(brightness + done, _stripSize).CopyTo(new Span<float>(lines, _stripSize));
                for (int color = 0; color < 2; color++)
                {
                    Widen(halves + color * halfSize, before, strip, lines + (color + 1) * _stripSize, mixed);
                }

                ColorMatrix.Apply(lines, lines, _stripSize, _stripSize, JpegCompression.ColorsBack);
                for (int channel = 0; channel < Channels; channel++)
                {
                    padded.WriteStrip(lines + channel * _stripSize, target + channel * padded.ImageSize, strip);
                }
            }
        }

        ArrayPool<float>.Shared.Return(space);
    }

    /// <summary>The gradient of strips of an image from that of what was opened. All but rounding and cutting off is linear, and those two
    /// are passed over: each operation turned round, the last first.</summary>
    /// <param name="gradient">Of what was opened, 3×H×W.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="first">The first strip.</param>
    /// <param name="last">The strip behind the last one.</param>
    public void Pass(float* gradient, float* target, int first, int last)
    {
        int plane = _stripSize + 2 * _width;
        float[] space = ArrayPool<float>.Shared.Rent(Channels * plane + _halfStripSize + _width + 2);
        fixed (float* lines = space)
        {
            float* half = lines + Channels * plane;
            float* mixed = half + _halfStripSize;
            for (int strip = first; strip < last; strip++)
            {
                // With the rows next to the strip.
                for (int row = -1; row <= Rows; row++)
                {
                    int place = Math.Clamp(strip * Rows + row, 0, padded.Strips * Rows - 1);
                    for (int channel = 0; channel < Channels; channel++)
                    {
                        padded.PassWrite(gradient + channel * padded.ImageSize, place, lines + channel * plane + (row + 1) * _width);
                    }
                }

                ColorMatrix.Apply(lines, lines, plane, plane, s_colorsBackTurned);
                PassHalves(lines + plane, half, mixed);
                PassHalves(lines + 2 * plane, half, mixed);
                ColorMatrix.Apply(lines + _width, lines + _width, plane, _stripSize, s_colorsTurned);
                for (int channel = 0; channel < Channels; channel++)
                {
                    for (int row = 0; row < Rows; row++)
                    {
                        float* line = lines + channel * plane + (row + 1) * _width;
                        padded.PassRead(line, target + channel * padded.ImageSize, strip * Rows + row);
                    }
                }
            }
        }

        ArrayPool<float>.Shared.Return(space);
    }

    // The gradient of colours, back through half their resolution.
    private void PassHalves(float* lines, float* half, float* mixed)
    {
        for (int row = 0; row < Rows / 2; row++)
        {
            float* line = lines + 2 * row * _width;
            HalfResolution.PassWiden(
                line, line + _width, line + 2 * _width, line + 3 * _width, half + row * _halfWidth, mixed, _halfWidth);
        }

        for (int row = 0; row < Rows; row++)
        {
            HalfResolution.PassShrink(half + row / 2 * _halfWidth, lines + (row + 1) * _width, _halfWidth);
        }
    }

    private void Shrink(float* lines, float* half)
    {
        for (int row = 0; row < Rows / 2; row++)
        {
            float* upper = lines + 2 * row * _width;
            HalfResolution.Shrink(upper, upper + _width, half + row * _halfWidth, _halfWidth);
        }
    }

    // Of halves, there are those from a strip on.
    private void Widen(float* halves, int before, int strip, float* lines, float* mixed)
    {
        int start = before * Rows / 2;
        for (int row = 0; row < Rows; row++)
        {
            int near = (strip * Rows + row) / 2;
            int far = Math.Clamp(row % 2 == 0 ? near - 1 : near + 1, 0, padded.Strips * Rows / 2 - 1);
            HalfResolution.Widen(
                halves + (near - start) * _halfWidth, halves + (far - start) * _halfWidth, lines + row * _width, mixed, _halfWidth);
        }
    }
}
