namespace CnnViz.Ascent;

/// <summary>One picture to make.</summary>
/// <param name="Objective">What it is to raise.</param>
/// <param name="Seed">What its noise and its views follow from.</param>
internal readonly record struct AscentTarget(CnnObjective Objective, ulong Seed);
