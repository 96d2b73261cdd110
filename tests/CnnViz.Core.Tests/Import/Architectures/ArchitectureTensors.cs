using CnnViz.Import;
using CnnViz.Import.Architectures;
using TorchSharp;

namespace CnnViz.Tests.Import.Architectures;

/// <summary>Tensors as an architecture wants them.</summary>
internal static class ArchitectureTensors
{
    /// <summary>Tensors of ones, each with one value in memory.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="channels">Channels of the image.</param>
    /// <param name="extra">More tensors.</param>
    /// <param name="without">Tensors that are left out.</param>
    /// <param name="reshaped">Tensors that have another shape.</param>
    /// <param name="type">Their type.</param>
    public static StateDict Of(
        Architecture architecture,
        int classes = 10,
        int channels = 3,
        (string Key, long[] Shape)[]? extra = null,
        string[]? without = null,
        (string Key, long[] Shape)[]? reshaped = null,
        torch.ScalarType type = torch.ScalarType.Float32)
    {
        using StateDict none = new();
        Dictionary<string, long[]> shapes = new ArchitectureMatch(architecture, none).Expected.ToDictionary(
            tensor => tensor.Key,
            tensor => tensor.Shape.Select((size, dimension) => size ?? (dimension == 0 ? classes : channels)).ToArray());
        foreach (string key in without ?? [])
        {
            shapes.Remove(key);
        }

        foreach ((string key, long[] shape) in (reshaped ?? []).Concat(extra ?? []))
        {
            shapes[key] = shape;
        }

        return new StateDict(
            [.. shapes.Select(pair => new StateTensor(pair.Key, type, pair.Value, () => torch.ones(1, type).expand(pair.Value)))], "test");
    }
}
