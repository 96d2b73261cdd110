using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// Keeps pictures of ascents that climb side by side, compressed at once: a tensor of floats takes many times as much, and there may be
/// hundreds of each ascent.
/// </summary>
/// <param name="every">Steps from one to the next; 0 keeps none.</param>
/// <param name="climbers">The ascents.</param>
internal sealed class SnapshotRecorder(int every, IReadOnlyList<Climber> climbers)
{
    private readonly List<FilterSnapshot>[] _kept = [.. climbers.Select(_ => new List<FilterSnapshot>())];

    /// <summary>Whether there is a picture to keep after so many steps.</summary>
    public bool IsDue(int step) => every > 0 && step % every == 0 && climbers.Any(climber => climber.Steps == step);

    /// <summary>Keeps the pictures that have changed since the last.</summary>
    /// <param name="pictures">N×C×H×W, 0…1, without the border.</param>
    /// <param name="activations">The objectives' values for them.</param>
    public void Keep(torch.Tensor pictures, IReadOnlyList<float> activations)
    {
        for (int i = 0; every > 0 && i < climbers.Count; i++)
        {
            if (_kept[i].Count == 0 || _kept[i][^1].Step < climbers[i].Steps)
            {
                using torch.Tensor picture = pictures[i];
                _kept[i].Add(new FilterSnapshot(climbers[i].Steps, activations[i], ImageFile.ToPng(picture)));
            }
        }
    }

    /// <summary>What was kept of an ascent, in order.</summary>
    public IReadOnlyList<FilterSnapshot> Of(int climber) => _kept[climber];
}
