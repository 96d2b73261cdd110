namespace CnnViz.Ascent;

/// <summary>How far a dream is.</summary>
/// <param name="Octave">Number of the octave, from 1.</param>
/// <param name="Octaves">Octaves in all.</param>
/// <param name="Step">Steps taken in this octave.</param>
/// <param name="Steps">Steps that an octave takes.</param>
/// <param name="Activation">The objective's value at the last step; not a number before the first.</param>
/// <param name="Fraction">The finished share of the whole, by the number of pixels that have run through the network, 0…1.</param>
/// <param name="Remaining">Estimate of the time left; null before there is one.</param>
public readonly record struct DreamProgress(
    int Octave, int Octaves, int Step, int Steps, float Activation, double Fraction, TimeSpan? Remaining);
