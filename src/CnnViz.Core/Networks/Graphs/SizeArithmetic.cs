using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Networks.Graphs;

/// <summary>
/// Values of a graph that follow from nothing but the image's size: sizes of maps, and what is computed from them. They are known before anything
/// runs.
/// </summary>
internal sealed class SizeArithmetic
{
    // Values of a tensor that may be sizes.
    private const long Largest = 64;

    // Of a batch of one image, and of two.
    private readonly Dictionary<int, (torch.Tensor One, torch.Tensor Two)> _values = [];

    /// <summary>Takes note of a constant.</summary>
    public void Add(int node, torch.Tensor constant) => _values[node] = (constant, constant);

    /// <summary>The value of a step, if it follows from what is known.</summary>
    /// <param name="step">The step.</param>
    /// <param name="inputs">Its inputs.</param>
    /// <returns>Null where it does not. The tensors belong to the caller's dispose scope.</returns>
    public KernelValue? Find(GraphStep step, KernelValue[] inputs)
    {
        (torch.Tensor One, torch.Tensor Two)? value = step.Operator.Kind == "Shape" && inputs is [{ Map: not null } map]
            ? Compute(step.Operator, [map.Blank(1)], [map.Blank(2)])
            : step.Inputs.All(node => _values.TryGetValue(node, out var known) && known.One.numel() <= Largest)
                ? Compute(step.Operator, [.. step.Inputs.Select(node => _values[node].One)], [.. step.Inputs.Select(node => _values[node].Two)])
                : null;
        if (value is not { } found)
        {
            return null;
        }

        _values[step.Node] = found;
        return new KernelValue(null, Constant: found.One, DependsOnBatch: !found.One.equal(found.Two).all().item<bool>());
    }

    private static (torch.Tensor One, torch.Tensor Two)? Compute(Operator operation, torch.Tensor[] one, torch.Tensor[] two)
    {
        try
        {
            (torch.Tensor One, torch.Tensor Two) value = (operation.Run(one), operation.Run(two));
            return value.One.shape.AsSpan().SequenceEqual(value.Two.shape) ? value : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // It says so where it is run in earnest.
            return null;
        }
    }
}
