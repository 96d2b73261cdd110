namespace CnnViz.Quality;

/// <summary>How far the comparison with reference pictures is.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="Done">Number of pictures that the layer has seen.</param>
/// <param name="Total">Number of pictures that it will see.</param>
public readonly record struct QualityProgress(string Layer, int Done, int Total);
