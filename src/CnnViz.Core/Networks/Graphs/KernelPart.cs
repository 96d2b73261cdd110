using CnnViz.Kernels;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Networks.Graphs;

/// <summary>
/// What kernels do of a graph, for images of one size: from the image on as far as there are any. Values that are wanted, or that the rest
/// starts from, are its outputs.
/// </summary>
internal sealed class KernelPart
{
    private readonly KernelPlan _plan;
    private readonly (int Node, KernelValue Value)[] _outputs;
    private readonly HashSet<int> _nodes;

    private KernelPart(KernelPlan plan, (int Node, KernelValue Value)[] outputs, HashSet<int> nodes, int[] left) =>
        (_plan, _outputs, _nodes, Left) = (plan, outputs, nodes, left);

    /// <summary>The nodes that are left to libtorch.</summary>
    public IReadOnlyList<int> Left { get; }

    /// <summary>Values of one image that it holds, gradients included.</summary>
    public long ImageSize => 2 * _plan.ImageSize;

    /// <summary>Finds it.</summary>
    /// <param name="steps">The steps in their order.</param>
    /// <param name="start">The node whose value is given.</param>
    /// <param name="targets">The nodes whose values are wanted.</param>
    /// <param name="shape">The size of the value that is given.</param>
    /// <returns>Null where there are no kernels.</returns>
    public static KernelPart? Find(IReadOnlyList<GraphStep> steps, int start, IReadOnlyCollection<int> targets, MapShape shape)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var builder = new KernelPlanBuilder(shape);
        var values = new Dictionary<int, KernelValue> { [start] = new(builder.Image) };
        var sizes = new SizeArithmetic();
        HashSet<int> nodes = [];
        HashSet<int> known = [];
        foreach (GraphStep step in steps)
        {
            if (step.Operator is Constant constant)
            {
                values[step.Node] = new KernelValue(null, Constant: constant.Value);
                sizes.Add(step.Node, constant.Value);
            }
            else if (step.Inputs.Count > 0 && step.Inputs.All(values.ContainsKey))
            {
                KernelValue[] inputs = [.. step.Inputs.Select(input => values[input])];
                if (sizes.Find(step, inputs) is { } size)
                {
                    values[step.Node] = size;
                    known.Add(step.Node);
                }
                else if ((step.Operator.TakesSizesOfBatches || !Array.Exists(inputs, input => input.DependsOnBatch))
                    && TryAdd(step.Operator, builder, inputs) is { } value)
                {
                    values[step.Node] = value;
                    nodes.Add(step.Node);
                }
            }
        }

        AddUnused(known, steps, targets, nodes);
        GraphStep[] left = [.. steps.Where(step => !nodes.Contains(step.Node))];
        HashSet<int> needed = [.. targets, .. left.SelectMany(step => step.Inputs)];
        (int Node, KernelValue Value)[] outputs =
            [.. steps.Select(step => step.Node)
                .Where(node => nodes.Contains(node) && needed.Contains(node) && !known.Contains(node)).Select(node => (node, values[node]))];
        return outputs.Length == 0
            ? null
            : new KernelPart(
                builder.Build([.. outputs.Select(output => output.Value.Map!)]),
                outputs,
                nodes,
                [.. left.Where(step => step.Operator is not Constant).Select(step => step.Node)]);
    }

    // Of what is known from sizes alone, libtorch need not compute what only kernels use.
    private static void AddUnused(HashSet<int> known, IReadOnlyList<GraphStep> steps, IReadOnlyCollection<int> targets, HashSet<int> nodes)
    {
        HashSet<int> used = [.. targets];
        foreach (GraphStep step in steps.Reverse().Where(step => !nodes.Contains(step.Node)))
        {
            if (known.Contains(step.Node) && !used.Contains(step.Node))
            {
                nodes.Add(step.Node);
            }
            else
            {
                used.UnionWith(step.Inputs);
            }
        }
    }

    /// <summary>Whether it does a node's step.</summary>
    public bool Contains(int node) => _nodes.Contains(node);

    // A damaged file may give an operator more values than it takes, or weights for other channels: kernels look, and libtorch may not.
    private static KernelValue? TryAdd(Operator one, KernelPlanBuilder plan, KernelValue[] inputs)
    {
        try
        {
            return one.AddTo(plan, inputs);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Packs weights, instead of on the first way.</summary>
    public void Prepare() => _plan.Prepare(LibtorchThreads.Count);

    /// <summary>Computes its outputs.</summary>
    /// <param name="input">The value that is given: N×C×H×W.</param>
    /// <param name="values">Gets the outputs, each at its node's index.</param>
    public void Run(torch.Tensor input, torch.Tensor?[] values)
    {
        IReadOnlyList<torch.Tensor> results = KernelFunction.Apply(_plan, input);
        for (int i = 0; i < _outputs.Length; i++)
        {
            values[_outputs[i].Node] = _outputs[i].Value.View(results[i]);
        }
    }
}
