namespace CnnViz.Quality;

/// <summary>A part of a natural picture, with what a filter makes of it.</summary>
/// <param name="Path">Path of the picture's file.</param>
/// <param name="Window">The part that the filter sees, without its rim, to which filters hardly answer.</param>
/// <param name="Activation">The filter's value there.</param>
internal sealed record NaturalPatch(string Path, PictureWindow Window, float Activation);
