namespace CnnViz.Ascent;

/// <summary>How far ascents are.</summary>
/// <param name="Target">What the batch that is climbing raises.</param>
/// <param name="Done">Pictures that are finished.</param>
/// <param name="Total">Pictures in all.</param>
/// <param name="Step">Steps taken in this batch.</param>
/// <param name="Steps">Steps that a batch takes.</param>
/// <param name="Activation">Mean activation over the batch at this step; not a number before the first.</param>
/// <param name="Fraction">The finished share of the whole, 0…1.</param>
/// <param name="Remaining">Estimate of the time left for all pictures; null before there is one.</param>
public readonly record struct AscentProgress(
    string Target,
    int Done,
    int Total,
    int Step,
    int Steps,
    float Activation,
    double Fraction,
    TimeSpan? Remaining);
