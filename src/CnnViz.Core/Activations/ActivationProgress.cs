namespace CnnViz.Activations;

/// <summary>How far a measurement is.</summary>
/// <param name="Done">Images that are done.</param>
/// <param name="Total">Images in all.</param>
/// <param name="Current">File of the first image of the batch that is under way.</param>
/// <param name="Remaining">Estimate of the time left; null before there is one.</param>
public readonly record struct ActivationProgress(int Done, int Total, string Current, TimeSpan? Remaining);
