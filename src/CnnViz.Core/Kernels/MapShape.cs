namespace CnnViz.Kernels;

/// <summary>The size of one image's map.</summary>
internal readonly record struct MapShape(int Channels, int Height, int Width)
{
    public int Pixels => Height * Width;
}
