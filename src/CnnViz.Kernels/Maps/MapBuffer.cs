namespace CnnViz.Kernels;

/// <summary>Where a map lies in the memory of one image; several values may share one, each with channels of its own.</summary>
/// <param name="shape">Its size.</param>
internal sealed class MapBuffer(MapShape shape)
{
    public MapShape Shape => shape;

    /// <summary>Zeros around it, in pixels; as many as the kernel with the largest window needs.</summary>
    public int Halo { get; set; }

    /// <summary>Whether its gradient must be zero before anything is added.</summary>
    public bool StartsAtZero { get; set; }

    /// <summary>Where it begins, halo included, in values.</summary>
    public long Offset { get; set; }

    /// <summary>Values from one pixel to the next: whole vectors, unless there is less than one.</summary>
    public int PixelStride => shape.Channels < Lanes.Count ? shape.Channels : Lanes.Fill(shape.Channels);

    public int RowStride => (shape.Width + 2 * Halo) * PixelStride;

    /// <summary>Values that it takes, in whole vectors.</summary>
    public long Size => ((long)(shape.Height + 2 * Halo) * RowStride + Lanes.Count - 1) / Lanes.Count * Lanes.Count;

    /// <summary>Where the first pixel lies.</summary>
    public long Origin => Offset + (long)Halo * RowStride + (long)Halo * PixelStride;
}
