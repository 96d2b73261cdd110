using CnnViz.Import.Networks;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>
/// A tensor of a program: the output of a node, or a constant. What works in place changes the object. Tensors that share memory, as one
/// and its parts do, are not to be used any more once another of them was changed.
/// </summary>
internal sealed class ScriptTensor
{
    private SharedMemory _memory = new();
    private int _seen;

    private ScriptTensor(Value? node, torch.Tensor? constant, long[] shape, torch.ScalarType type)
    {
        (Node, Constant, Shape, Type) = (node, constant, shape, type);
    }

    /// <summary>The node; null for a constant.</summary>
    public Value? Node { get; private set; }

    /// <summary>The values of a constant.</summary>
    public torch.Tensor? Constant { get; private set; }

    /// <summary>Its shape for the image that the program is followed with.</summary>
    public long[] Shape { get; private set; }

    /// <summary>Type of its values.</summary>
    public torch.ScalarType Type { get; private set; }

    /// <summary>How many dimensions it has.</summary>
    public int Rank => Shape.Length;

    /// <summary>How many values it has.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether its values are floating-point numbers.</summary>
    public bool IsFloat => Type is torch.ScalarType.Float32;

    /// <summary>Whether another tensor of the same memory was changed, so that this one's values are not known.</summary>
    public bool IsStale => _seen != _memory.Version;

    /// <summary>Whether its dimensions are in another order than those of the map that it was made of.</summary>
    public bool IsPermuted { get; set; }

    /// <summary>The output of a node.</summary>
    public static ScriptTensor Of(Value node, torch.Tensor sample) => new(node, null, sample.shape, sample.dtype);

    /// <summary>A constant.</summary>
    public static ScriptTensor Of(torch.Tensor constant) => new(null, constant, constant.shape, constant.dtype);

    /// <summary>The same value in memory of its own.</summary>
    public ScriptTensor Copy() => new(Node, Constant, Shape, Type) { IsPermuted = IsPermuted };

    /// <summary>The same value in the same memory.</summary>
    public ScriptTensor Alias() => Copy().Within(this);

    /// <summary>Says that it may share another's memory.</summary>
    public ScriptTensor Within(ScriptTensor other)
    {
        if (!ReferenceEquals(this, other))
        {
            (_memory, _seen) = (other._memory, other._seen);
        }

        return this;
    }

    /// <summary>Takes another's value in place of its own; null for one that is not known.</summary>
    public void Become(ScriptTensor? other)
    {
        _memory.Version++;
        if (other is not null)
        {
            (Node, Constant, Shape, Type, IsPermuted, _seen) =
                (other.Node, other.Constant, other.Shape, other.Type, other.IsPermuted, _memory.Version);
        }
    }

    /// <summary>Counts the changes of what several tensors share.</summary>
    private sealed class SharedMemory
    {
        public int Version { get; set; }
    }
}
