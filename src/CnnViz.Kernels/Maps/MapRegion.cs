namespace CnnViz.Kernels;

/// <summary>Some channels of a buffer.</summary>
internal readonly record struct MapRegion(MapBuffer Buffer, int FirstChannel, MapShape Shape)
{
    /// <summary>Whether both have a channel.</summary>
    public bool Overlaps(MapRegion other) =>
        Buffer == other.Buffer && FirstChannel < other.FirstChannel + other.Shape.Channels && other.FirstChannel < FirstChannel + Shape.Channels;

    /// <summary>The maps of all images.</summary>
    /// <param name="memory">Where the memory of the first image begins.</param>
    /// <param name="imageStride">Values from one image to the next.</param>
    /// <param name="images">Number of images.</param>
    public unsafe MapView View(float* memory, long imageStride, int images) =>
        new(memory + Buffer.Origin + FirstChannel, imageStride, Buffer.RowStride, Buffer.PixelStride, Shape, images);
}
