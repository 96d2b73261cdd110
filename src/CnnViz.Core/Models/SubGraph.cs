using CnnViz.Models.Modules;
using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Models;

/// <summary>
/// The ancestors of some nodes, in execution order, with the point at which each value is no longer needed. A normalization that nothing
/// else comes between is part of the convolution before it.
/// </summary>
internal sealed class SubGraph
{
    private readonly Graph _graph;
    private readonly int _start;
    private readonly int[] _order;
    private readonly Step[] _steps;
    private readonly int[] _targets;

    // _expiring[k]: the nodes whose values are free after the k-th step.
    private readonly List<int>[] _expiring;

    /// <param name="graph">The graph.</param>
    /// <param name="targets">The nodes whose values are wanted.</param>
    /// <param name="start">The node whose value is given: the image or, where all ways to the targets lead through it, a later one.</param>
    public SubGraph(Graph graph, IReadOnlyList<int> targets, int start = 0)
    {
        _graph = graph;
        _start = start;
        _targets = [.. targets];
        var needed = new bool[graph.Nodes.Count];
        foreach (int target in targets)
        {
            needed[target] = true;
        }

        for (int i = graph.Nodes.Count - 1; i >= 0; i--)
        {
            foreach (int input in needed[i] && i != start ? graph.Nodes[i].Inputs : [])
            {
                needed[input] = true;
            }
        }

        int[] nodes = [.. Enumerable.Range(1, graph.Nodes.Count - 1).Where(i => needed[i] && i != start)];
        _steps = Fold(graph, nodes, [.. targets, start]);
        _order = [.. _steps.Select(step => step.Node)];
        _expiring = FindExpiry();
    }

    /// <summary>Number of operations that a run takes.</summary>
    public int Count => _order.Length;

    /// <summary>Whether a node is among those that run.</summary>
    public bool Contains(int node) => node == _start || Array.BinarySearch(_order, node) >= 0;

    /// <summary>The value of the one target.</summary>
    /// <param name="input">The value of the start: N×C×H×W, preprocessed. It stays the caller's.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>A tensor that belongs to the caller's dispose scope or, without one, to the caller.</returns>
    /// <exception cref="ImageSizeException">An operation cannot take an input of this size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public torch.Tensor Run(torch.Tensor input, CancellationToken cancellation = default) =>
        RunAll(input, redirectGradients: false, cancellation)[0];

    /// <summary>The values of all targets, in their order.</summary>
    /// <param name="input">The value of the start: N×C×H×W, preprocessed. It stays the caller's.</param>
    /// <param name="redirectGradients">Whether gradients pass where a rectifier is cut off, if they lead back from there.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>Tensors that belong to the caller's dispose scope or, without one, to the caller.</returns>
    /// <exception cref="ImageSizeException">An operation cannot take an input of this size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public torch.Tensor[] RunAll(torch.Tensor input, bool redirectGradients, CancellationToken cancellation)
    {
        var results = new torch.Tensor?[_targets.Length];
        Run(
            input,
            (node, value) =>
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < _targets.Length; i++)
                {
                    results[i] = node == _targets[i] ? value.alias().MoveToOuterDisposeScope() : results[i];
                }
            },
            redirectGradients);
        return [.. results.Select(result => result ?? input.alias())];
    }

    /// <summary>Runs, and shows each value as it appears; a value is gone after its last use.</summary>
    /// <param name="input">The value of the start: N×C×H×W, preprocessed. It stays the caller's.</param>
    /// <param name="visit">Called with the node's index and its value, which it must not keep or dispose. A copy (alias) that it
    /// makes belongs to the scope of the run; <c>MoveToOuterDisposeScope</c> takes it out.</param>
    /// <param name="redirectGradients">Whether gradients pass where a rectifier is cut off, if they lead back from there.</param>
    /// <exception cref="ImageSizeException">An operation cannot take an input of this size.</exception>
    public void Run(torch.Tensor input, Action<int, torch.Tensor> visit, bool redirectGradients = false)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var values = new torch.Tensor?[_graph.Nodes.Count];
        values[_start] = input;
        for (int step = 0; step < _order.Length; step++)
        {
            int index = _order[step];
            torch.Tensor[] inputs = [.. _steps[step].Inputs.Select(source => values[source]!)];
            if (_steps[step].Operator is ModuleOutput output && values[index] is null)
            {
                RunModule(output.Module, inputs[0], values, redirectGradients);
            }

            torch.Tensor value = values[index] ??= Forward(_steps[step], inputs, redirectGradients);
            visit(index, value);
            foreach (int expired in _expiring[step])
            {
                values[expired]!.Dispose();
                values[expired] = null;
            }
        }
    }

    // All that is wanted of a module comes of one run.
    private void RunModule(HookedModule module, torch.Tensor image, torch.Tensor?[] values, bool redirectGradients)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        int[] nodes = [.. _order.Where(i => _graph.Nodes[i].Operator is ModuleOutput output && output.Module == module)];
        ModuleCall[] calls = [.. nodes.Select(i => ((ModuleOutput)_graph.Nodes[i].Operator).Call)];
        torch.Tensor[] outputs = module.Run(image, calls, redirectGradients);
        for (int i = 0; i < nodes.Length; i++)
        {
            values[nodes[i]] = outputs[i].MoveToOuterDisposeScope();
        }
    }

    private torch.Tensor Forward(Step step, torch.Tensor[] inputs, bool redirectGradients)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor value = redirectGradients && step.Operator is Rectifier rectifier
                ? rectifier.ForwardRedirected(inputs[0])
                : step.Operator.Run(inputs);
            return step.Operator is Constant ? value : value.MoveToOuterDisposeScope();
        }
        catch (Exception exception) when (exception is not CnnVizException)
        {
            string shapes = string.Join(", ", inputs.Select(input => string.Join('×', input.shape)));
            string reason = exception.Message.Split('\n', 2)[0];
            throw new ImageSizeException(
                "LayerCannotRun",
                $"'{_graph.Nodes[step.Node].Name}' ({step.Operator.Kind}) cannot take an input of {shapes}: {reason}",
                "Choose another image size.",
                exception);
        }
    }

    private List<int>[] FindExpiry()
    {
        var lastUse = new int[_graph.Nodes.Count];
        for (int step = 0; step < _order.Length; step++)
        {
            lastUse[_order[step]] = step;
            foreach (int input in _steps[step].Inputs)
            {
                lastUse[input] = step;
            }
        }

        List<int>[] expiring = [.. _order.Select(_ => new List<int>())];
        foreach (int node in _order.Where(node => _graph.Nodes[node].Operator is not Constant))
        {
            expiring[lastUse[node]].Add(node);
        }

        return expiring;
    }

    // Wanted: nodes whose own values are wanted, or given.
    private static Step[] Fold(Graph graph, int[] nodes, IReadOnlyCollection<int> wanted)
    {
        Dictionary<int, int> uses = nodes.SelectMany(node => graph.Nodes[node].Inputs).GroupBy(input => input).ToDictionary(uses => uses.Key, uses => uses.Count());
        Dictionary<int, Operator> folded = nodes
            .Where(node => graph.Nodes[node].Inputs is [var input, ..] && uses[input] == 1 && !wanted.Contains(input))
            .Select(node => (Node: node, Operator: graph.Fold(node)))
            .Where(pair => pair.Operator is not null)
            .ToDictionary(pair => pair.Node, pair => pair.Operator!);
        HashSet<int> absorbed = [.. folded.Keys.Select(node => graph.Nodes[node].Inputs[0])];
        return
        [
            .. nodes.Where(node => !absorbed.Contains(node)).Select(node => folded.TryGetValue(node, out Operator? one)
                ? new Step(node, one, graph.Nodes[graph.Nodes[node].Inputs[0]].Inputs)
                : new Step(node, graph.Nodes[node].Operator, graph.Nodes[node].Inputs)),
        ];
    }

    private readonly record struct Step(int Node, Operator Operator, IReadOnlyList<int> Inputs);
}
