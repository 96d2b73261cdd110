namespace CnnViz.Kernels;

/// <summary>Rows of an image that one thread works on, one after the other.</summary>
/// <param name="Image">Number of the image.</param>
/// <param name="First">The first of the rows.</param>
/// <param name="Last">The row behind the last one.</param>
public readonly record struct RowBand(int Image, int First, int Last);
