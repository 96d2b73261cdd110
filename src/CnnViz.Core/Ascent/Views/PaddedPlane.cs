using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Kernels;

namespace CnnViz.Ascent;

/// <summary>
/// A plane of an image in whole blocks, strip by strip: beyond the right and the lower edge, the outermost pixels are repeated. The image's
/// values are 0…1, and those of blocks 0…255.
/// </summary>
/// <param name="height">Height of the image.</param>
/// <param name="width">Width of the image.</param>
/// <param name="unit">What the height of a strip is, and the width a multiple of.</param>
internal sealed unsafe class PaddedPlane(int height, int width, int unit)
{
    private const float White = 255;

    /// <summary>Number of the image's pixels.</summary>
    public int ImageSize { get; } = height * width;

    /// <summary>Width of a strip.</summary>
    public int Width { get; } = (width + unit - 1) / unit * unit;

    /// <summary>Number of strips.</summary>
    public int Strips { get; } = (height + unit - 1) / unit;

    /// <summary>Number of a strip's values.</summary>
    public int StripSize => unit * Width;

    /// <summary>Makes a strip that blocks are cut from.</summary>
    /// <param name="plane">The image's, height×width.</param>
    /// <param name="strip">Number of the strip.</param>
    /// <param name="lines">Its rows.</param>
    public void ReadStrip(float* plane, int strip, float* lines)
    {
        for (int row = 0; row < unit; row++)
        {
            Read(plane, strip * unit + row, lines + row * Width);
        }
    }

    /// <summary>Makes the rows of the image that a strip has, cut off at 0 and 1.</summary>
    /// <param name="lines">Its rows.</param>
    /// <param name="plane">The image's, height×width.</param>
    /// <param name="strip">Number of the strip.</param>
    public void WriteStrip(float* lines, float* plane, int strip)
    {
        for (int row = strip * unit; row < Math.Min((strip + 1) * unit, height); row++, lines += Width)
        {
            Write(lines, plane + row * width);
        }
    }

    /// <summary>The gradient of a row of a strip from that of the image; zero beyond it.</summary>
    /// <param name="plane">The gradient of the image, height×width.</param>
    /// <param name="row">Number of the row.</param>
    /// <param name="line">The row.</param>
    public void PassWrite(float* plane, int row, float* line)
    {
        int seen = row < height ? width : 0;
        new ReadOnlySpan<float>(plane + row * width, seen).CopyTo(new Span<float>(line, seen));
        new Span<float>(line + seen, Width - seen).Clear();
    }

    /// <summary>The gradient of the image from that of a row of a strip. What was repeated gets the sum; rows beyond the image
    /// must come after its last one.</summary>
    /// <param name="line">The row.</param>
    /// <param name="plane">The gradient of the image, height×width.</param>
    /// <param name="row">Number of the row.</param>
    public void PassRead(float* line, float* plane, int row)
    {
        float* to = plane + Math.Min(row, height - 1) * width;
        if (row < height)
        {
            new ReadOnlySpan<float>(line, width).CopyTo(new Span<float>(to, width));
        }
        else
        {
            for (int column = 0; column < width; column++)
            {
                to[column] += line[column];
            }
        }

        for (int column = width; column < Width; column++)
        {
            to[width - 1] += line[column];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Read(float* plane, int row, float* line)
    {
        float* from = plane + Math.Min(row, height - 1) * width;
        int column = 0;
        for (; column + Lanes.Count <= width; column += Lanes.Count)
        {
            (Vector512.Load(from + column) * White).Store(line + column);
        }

        for (; column < width; column++)
        {
            line[column] = from[column] * White;
        }

        new Span<float>(line + width, Width - width).Fill(line[width - 1]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Write(float* line, float* to)
    {
        int column = 0;
        for (; column + Lanes.Count <= width; column += Lanes.Count)
        {
            Vector512<float> value = Vector512.Load(line + column) / Vector512.Create(White);
            Vector512.Min(Vector512.Max(value, Vector512<float>.Zero), Vector512<float>.One).Store(to + column);
        }

        for (; column < width; column++)
        {
            to[column] = Math.Clamp(line[column] / White, 0, 1);
        }
    }
}
