using TorchSharp;

namespace CnnViz.Import.Networks;

/// <summary>What goes into a node at one position: the output of another, a constant, or nothing (the default).</summary>
internal readonly record struct NodeInput(Value? Value, Weight? Weight)
{
    public static implicit operator NodeInput(Value value) => new(value, null);

    public static implicit operator NodeInput(Weight? weight) => new(null, weight);

    public static implicit operator NodeInput(long[] values) => new(null, values);

    public static implicit operator NodeInput(float value) => new(null, value);

    public static implicit operator NodeInput(float[] values) => new(null, values);

    public static implicit operator NodeInput(torch.Tensor tensor) => new(null, tensor);
}
