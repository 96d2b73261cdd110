using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>The mean activation of one filter's map, another filter for each image of the batch.</summary>
/// <param name="filters">The filter of each image.</param>
internal sealed class FilterObjective(IReadOnlyList<int> filters) : IObjective
{
    public torch.Tensor Evaluate(torch.Tensor output) =>
        torch.stack(filters.Select((filter, image) => output[image, filter].mean()));
}
