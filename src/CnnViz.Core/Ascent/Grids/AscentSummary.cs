using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>How the ascent of a tile went, without its picture.</summary>
internal sealed record AscentSummary(float Activation, IReadOnlyList<float> Activations, AscentStatus Status, AscentRescue Rescue)
{
    public static AscentSummary Of(FilterImage image) => new(image.Activation, image.Activations, image.Status, image.Rescue);

    /// <summary>One ascent that stands for several: their mean activations, each for as long as it climbed, and the best status.</summary>
    /// <param name="all">The ascents; at least one.</param>
    /// <param name="picture">The picture of them all; C×H×W, on the CPU.</param>
    public static AscentResult Combine(IReadOnlyList<AscentSummary> all, torch.Tensor picture)
    {
        AscentSummary[] shown = [.. all.Where(one => one.Status is AscentStatus.StepLimit or AscentStatus.Converged)];
        AscentSummary[] counted = shown.Length > 0 ? shown : [.. all];
        int steps = counted.Max(one => one.Activations.Count);
        return new AscentResult(
            picture,
            null,
            counted.Average(one => one.Activation),
            [.. Enumerable.Range(0, steps).Select(step => counted.Where(one => one.Activations.Count > step).Average(one => one.Activations[step]))],
            counted.All(one => one.Status == AscentStatus.Converged) ? AscentStatus.Converged : counted.Max(one => one.Status == AscentStatus.Converged ? AscentStatus.StepLimit : one.Status),
            counted.Aggregate(default(AscentRescue), (rescue, one) => rescue | one.Rescue),
            []);
    }
}
