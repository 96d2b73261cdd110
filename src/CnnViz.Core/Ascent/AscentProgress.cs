namespace CnnViz.Ascent;

/// <summary>How far the ascents of a layer are.</summary>
/// <param name="Layer">Name of the layer.</param>
/// <param name="FirstFilter">The first filter of the batch that is climbing.</param>
/// <param name="LastFilter">The last filter of that batch.</param>
/// <param name="Done">Filters that are finished.</param>
/// <param name="Total">Filters in all.</param>
/// <param name="Step">Steps taken in this batch.</param>
/// <param name="Steps">Steps that a batch takes.</param>
/// <param name="Activation">Mean activation over the batch at this step; not a number before the first.</param>
/// <param name="Fraction">The finished share of the whole, 0…1.</param>
/// <param name="Remaining">Estimate of the time left for all filters; null before there is one.</param>
public readonly record struct AscentProgress(
    string Layer,
    int FirstFilter,
    int LastFilter,
    int Done,
    int Total,
    int Step,
    int Steps,
    float Activation,
    double Fraction,
    TimeSpan? Remaining);
