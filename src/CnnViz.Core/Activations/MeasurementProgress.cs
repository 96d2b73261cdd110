namespace CnnViz.Activations;

/// <summary>How far a measurement with images is.</summary>
/// <param name="Done">Runs of an image through the network that are done.</param>
/// <param name="Total">Runs in all.</param>
/// <param name="Current">File of the first image of the batch that is under way.</param>
/// <param name="Remaining">Estimate of the time left; null before there is one.</param>
public readonly record struct MeasurementProgress(int Done, int Total, string Current, TimeSpan? Remaining)
{
    /// <summary>How far it is after a time, of which each run took an equal part.</summary>
    internal static MeasurementProgress After(TimeSpan elapsed, int done, int total, string current) =>
        new(done, total, current, done == 0 ? null : elapsed * ((double)(total - done) / done));
}
