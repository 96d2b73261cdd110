using TorchSharp;

namespace CnnViz.Tests.Patterns;

/// <summary>Tells whether a picture shows what a pattern's name says, and knows nothing of any network.</summary>
/// <param name="Pattern">Name of the pattern.</param>
/// <param name="Name">What is measured.</param>
/// <param name="Threshold">The least score of a picture that shows the pattern.</param>
/// <param name="Compute">The score of a picture, 3×H×W, 0…1.</param>
internal sealed record PatternMeasure(string Pattern, string Name, double Threshold, Func<torch.Tensor, double> Compute)
{
    /// <summary>Patterns that truly share the property, so that their pictures may pass too.</summary>
    public IReadOnlyList<string> Siblings { get; init; } = [];

    /// <summary>The score of a picture; the higher, the clearer the pattern.</summary>
    /// <param name="picture">3×H×W, 0…1.</param>
    public double Score(torch.Tensor picture)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradients = torch.no_grad();
        return Compute(picture.detach());
    }

    /// <summary>Whether a picture shows the pattern.</summary>
    public bool Accepts(torch.Tensor picture) => Score(picture) >= Threshold;
}
