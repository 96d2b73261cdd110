namespace CnnViz.Activations;

/// <summary>How far a search for the right preprocessing is.</summary>
/// <param name="Done">Runs of an image through the network that are done; each image has one for each candidate.</param>
/// <param name="Total">Runs in all.</param>
/// <param name="Current">File of the first image of the batch that is under way.</param>
/// <param name="Remaining">Estimate of the time left; null before there is one.</param>
public readonly record struct PreprocessingProgress(int Done, int Total, string Current, TimeSpan? Remaining);
