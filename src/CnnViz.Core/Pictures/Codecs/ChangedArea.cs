namespace CnnViz.Pictures.Codecs;

/// <summary>The part of an animation's frame that is not as it was in the frame before.</summary>
internal static class ChangedArea
{
    /// <summary>The smallest rectangle around all that has changed; one of a pixel or two where nothing has.</summary>
    /// <param name="before">The frame before, or null for all of the frame.</param>
    /// <param name="frame">The frame, RGB, of the same size.</param>
    /// <param name="grid">Its first row and column are multiples of this.</param>
    public static (int Top, int Left, int Height, int Width) Of(PictureBytes? before, PictureBytes frame, int grid)
    {
        if (before is null)
        {
            return (0, 0, frame.Height, frame.Width);
        }

        (int top, int left, int bottom, int right) = (frame.Height, frame.Width, -1, -1);
        int stride = 3 * frame.Width;
        for (int row = 0; row < frame.Height; row++)
        {
            ReadOnlySpan<byte> old = before.Samples.AsSpan(row * stride, stride);
            ReadOnlySpan<byte> now = frame.Samples.AsSpan(row * stride, stride);
            int same = old.CommonPrefixLength(now);
            if (same == stride)
            {
                continue;
            }

            int last = stride - 1;
            while (old[last] == now[last])
            {
                last--;
            }

            (top, bottom) = (Math.Min(top, row), row);
            (left, right) = (Math.Min(left, same / 3), Math.Max(right, last / 3));
        }

        if (bottom < 0)
        {
            return (0, 0, 1, 1);
        }

        (top, left) = (top / grid * grid, left / grid * grid);
        return (top, left, bottom - top + 1, right - left + 1);
    }
}
