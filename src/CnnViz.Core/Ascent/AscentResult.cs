using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What an ascent came to.</summary>
/// <param name="Picture">C×H×W, 0…1, on the CPU, without the border.</param>
/// <param name="Transparency">H×W, 0…1, on the CPU: where the ascent was at work in the picture; null where it was not.</param>
/// <param name="Activation">The objective's value for the picture as it will be saved.</param>
/// <param name="Activations">The objective's value at the beginning of each step, for the views of that step.</param>
/// <param name="Status">How it ended.</param>
/// <param name="Rescue">What it took.</param>
/// <param name="Snapshots">Pictures on the way, the finished one last; empty where none were asked for.</param>
internal sealed record AscentResult(
    torch.Tensor Picture,
    torch.Tensor? Transparency,
    float Activation,
    IReadOnlyList<float> Activations,
    AscentStatus Status,
    AscentRescue Rescue,
    IReadOnlyList<FilterSnapshot> Snapshots) : IDisposable
{
    /// <summary>The objective's value for what it began with, as a finished picture; NaN where that is not known.</summary>
    public float AtStart { get; init; } = float.NaN;

    /// <summary>Whether the picture shows something.</summary>
    public bool HasSignal => Status is AscentStatus.StepLimit or AscentStatus.Converged;

    public void Dispose()
    {
        Picture.Dispose();
        Transparency?.Dispose();
    }
}
