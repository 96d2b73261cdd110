using System.Numerics;
using CnnViz.Pictures;
using CnnViz.Showing.Drawing.Text;

namespace CnnViz.Showing.Drawing;

/// <summary>Pixels to put pictures and text on. What lies outside is cut off.</summary>
internal sealed class Canvas
{
    private readonly byte[] _pixels;

    public Canvas(int height, int width, RgbColour background)
    {
        (Height, Width) = (height, width);
        _pixels = new byte[checked(height * width * 3)];
        Fill(0, 0, height, width, background);
    }

    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="pixels">height × width × 3; changed by what is drawn.</param>
    public Canvas(int height, int width, byte[] pixels)
    {
        (Height, Width) = (height, width);
        _pixels = pixels;
    }

    public int Height { get; }

    public int Width { get; }

    public void Fill(int top, int left, int height, int width, RgbColour colour)
    {
        (int right, int bottom) = (Math.Min(left + width, Width), Math.Min(top + height, Height));
        left = Math.Max(left, 0);
        for (int row = Math.Max(top, 0); row < bottom; row++)
        {
            for (int at = (row * Width + left) * 3; at < (row * Width + right) * 3; at += 3)
            {
                (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = (colour.Red, colour.Green, colour.Blue);
            }
        }
    }

    /// <summary>Puts a picture down.</summary>
    /// <param name="pixels">height × width × 3, RGB. It must lie within.</param>
    /// <param name="top">The row of its first row.</param>
    /// <param name="left">The column of its first column.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="width">Width in pixels.</param>
    public void Put(byte[] pixels, int top, int left, int height, int width)
    {
        for (int row = 0; row < height; row++)
        {
            Array.Copy(pixels, row * width * 3, _pixels, ((top + row) * Width + left) * 3, width * 3);
        }
    }

    /// <summary>Writes a line of text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="style">Font and size.</param>
    /// <param name="x">Where it begins.</param>
    /// <param name="baseline">Where it stands.</param>
    /// <param name="colour">Its colour.</param>
    public void Write(string text, TextStyle style, float x, float baseline, RgbColour colour) =>
        Write(text, style, Matrix3x2.CreateTranslation(x, MathF.Round(baseline)), colour);

    /// <inheritdoc cref="Write(string, TextStyle, float, float, RgbColour)"/>
    public void Write(string text, TextStyle style, Matrix3x2 placement, RgbColour colour)
    {
        if (style.Draw(text, placement) is { } mask)
        {
            Cover(mask, colour);
        }
    }

    /// <summary>Covers a part of the pixels with a colour.</summary>
    /// <param name="mask">How much of each pixel is covered.</param>
    /// <param name="colour">The colour.</param>
    /// <param name="opacity">How much of it is seen, 0…1.</param>
    public void Cover(IMask mask, RgbColour colour, float opacity = 1)
    {
        var coverage = new float[mask.Width];
        for (int row = Math.Max(mask.Top, 0); row < Math.Min(mask.Top + mask.Height, Height); row++)
        {
            mask.CopyRow(row - mask.Top, coverage);
            for (int column = Math.Max(mask.Left, 0); column < Math.Min(mask.Left + mask.Width, Width); column++)
            {
                Blend((row * Width + column) * 3, colour, opacity * coverage[column - mask.Left]);
            }
        }
    }

    /// <summary>The picture as it is now, RGB.</summary>
    public PictureBytes ToPicture() => new((byte[])_pixels.Clone(), Height, Width, 3);

    private void Blend(int at, RgbColour colour, float share)
    {
        _pixels[at] = (byte)MathF.Round(_pixels[at] + (colour.Red - _pixels[at]) * share);
        _pixels[at + 1] = (byte)MathF.Round(_pixels[at + 1] + (colour.Green - _pixels[at + 1]) * share);
        _pixels[at + 2] = (byte)MathF.Round(_pixels[at + 2] + (colour.Blue - _pixels[at + 2]) * share);
    }
}
