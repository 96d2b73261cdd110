using CnnViz.Ascent;

namespace CnnViz.Showing.Plots;

/// <summary>The activation of one picture at each step.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Objective">What was raised.</param>
/// <param name="Seed">The seed that was given.</param>
/// <param name="Activations">The values at the beginning of each step.</param>
public sealed record AscentCurve(string Model, string Objective, long Seed, IReadOnlyList<float> Activations)
{
    /// <summary>The curve of a picture, which may be disposed.</summary>
    public static AscentCurve Of(FilterImage image) => new(image.Model, image.Objective, image.Seed, image.Activations);

    /// <summary>Index of the last value that is a number; -1 where there is none.</summary>
    internal int LastFinite => Enumerable.Range(0, Activations.Count).LastOrDefault(i => float.IsFinite(Activations[i]), -1);
}
