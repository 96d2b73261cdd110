using CnnViz.Models;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What layers answer to the views of one image.</summary>
/// <param name="values">Each layer's output: N×C×H×W (or N×C) for N views.</param>
internal sealed class Activations(IReadOnlyDictionary<CnnLayer, torch.Tensor> values)
{
    /// <summary>A layer's output: N×C×H×W, or N×C for a dense layer, for N views.</summary>
    public torch.Tensor this[CnnLayer layer] => values[layer];

    /// <summary>The answers to some of the views.</summary>
    public Activations Narrow(long first, long count) => new(
        values.ToDictionary(pair => pair.Key, pair => pair.Value.narrow(0, first, count)));
}
