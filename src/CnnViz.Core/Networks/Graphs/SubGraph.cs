using CnnViz.Kernels;
using CnnViz.Networks.Modules;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Networks.Graphs;

/// <summary>
/// The ancestors of some nodes, in execution order, with the point at which each value is no longer needed. What kernels can do of them, they do.
/// </summary>
internal sealed class SubGraph
{
    private readonly Graph _graph;
    private readonly int _start;
    private readonly int[] _order;
    private readonly GraphStep[] _steps;
    private readonly int[] _targets;

    // For images of a height and width: what kernels do of it.
    private readonly Dictionary<(long Height, long Width), KernelPart?> _kernelParts = [];

    // _expiring[k]: the nodes whose values are free after the k-th step.
    private readonly List<int>[] _expiring;

    /// <param name="graph">The graph.</param>
    /// <param name="targets">The nodes whose values are wanted.</param>
    /// <param name="start">The node whose value is given: the image or, where all ways to the targets lead through it, a later one.</param>
    public SubGraph(Graph graph, IReadOnlyList<int> targets, int start = 0)
    {
        (_graph, _start, _targets) = (graph, start, [.. targets]);
        _steps = GraphStep.Of(graph, targets, start);
        _order = [.. _steps.Select(step => step.Node)];
        _expiring = GraphStep.FindExpiry(graph, _steps);
    }

    /// <summary>Whether kernels do what they can, instead of libtorch all of it.</summary>
    public bool UsesKernels { get; init; } = KernelPlan.IsSupported;

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
        using DisposeScope scope = torch.NewDisposeScope();
        KernelPart? kernels = redirectGradients ? null : KernelsFor(input);
        var results = new torch.Tensor?[_targets.Length];
        Run(
            input,
            kernels,
            (node, value) =>
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < _targets.Length; i++)
                {
                    results[i] = node == _targets[i] ? value.alias().MoveToOuterDisposeScope() : results[i];
                }
            },
            redirectGradients);
        return [.. results.Select(result => (result ?? input.alias()).MoveToOuterDisposeScope())];
    }

    /// <summary>Whether the image is needed, too: there are ways to the targets that do not lead through the start.</summary>
    public bool NeedsImage => _start != 0 && _steps.Any(step => step.Inputs.Contains(0));

    /// <summary>The value of the one target, by libtorch, where the start's is given, and what does not lead through it is computed from the image.</summary>
    /// <param name="image">N×C×H×W, preprocessed. It stays the caller's.</param>
    /// <param name="start">The value of the start. It stays the caller's.</param>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <returns>A tensor that belongs to the caller's dispose scope or, without one, to the caller.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public torch.Tensor RunFrom(torch.Tensor image, torch.Tensor start, CancellationToken cancellation)
    {
        torch.Tensor? result = null;
        Run(
            start,
            null,
            (node, value) =>
            {
                cancellation.ThrowIfCancellationRequested();
                result = node == _targets[0] ? value.alias().MoveToOuterDisposeScope() : result;
            },
            redirectGradients: false,
            image: image);
        return result ?? start.alias();
    }

    /// <summary>Runs, and shows each value as it appears; a value is gone after its last use.</summary>
    /// <param name="input">The value of the start: N×C×H×W, preprocessed. It stays the caller's.</param>
    /// <param name="visit">Called with the node's index and its value, which it must not keep or dispose. A copy (alias) that it
    /// makes belongs to the scope of the run; <c>MoveToOuterDisposeScope</c> takes it out.</param>
    /// <param name="redirectGradients">Whether gradients pass where a rectifier is cut off, if they lead back from there.</param>
    /// <exception cref="ImageSizeException">An operation cannot take an input of this size.</exception>
    public void Run(torch.Tensor input, Action<int, torch.Tensor> visit, bool redirectGradients = false) =>
        Run(input, null, visit, redirectGradients);

    /// <summary>Prepares the kernels, if they do all of it.</summary>
    /// <param name="input">What they are to be run on.</param>
    /// <returns>How many values they hold for each image, gradients included; null where libtorch does a part.</returns>
    public long? PrepareKernels(torch.Tensor input)
    {
        if (_order.Length == 0)
        {
            return 0;
        }

        if (KernelsFor(input) is not { Left.Count: 0 } part)
        {
            return null;
        }

        part.Prepare();
        return part.ImageSize;
    }

    /// <summary>The nodes of which libtorch computes the values.</summary>
    /// <param name="input">What is to be run on.</param>
    public IReadOnlyList<int> LeftToLibtorch(torch.Tensor input) => KernelsFor(input)?.Left ?? _order;

    /// <summary>As <see cref="Run(torch.Tensor, Action{int, torch.Tensor}, bool)"/>, where only shapes and types of the values are wanted
    /// (<see cref="Operator.Sketch"/>).</summary>
    /// <exception cref="ImageSizeException">An operation cannot take an input of this size.</exception>
    public void Sketch(torch.Tensor input, Action<int, torch.Tensor> visit) =>
        Run(input, null, visit, redirectGradients: false, sketches: true);

    private void Run(
        torch.Tensor input,
        KernelPart? kernels,
        Action<int, torch.Tensor> visit,
        bool redirectGradients,
        bool sketches = false,
        torch.Tensor? image = null)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        var values = new torch.Tensor?[_graph.Nodes.Count];
        values[0] = image;
        values[_start] = input;
        kernels?.Run(input, values);
        for (int step = 0; step < _order.Length; step++)
        {
            int index = _order[step];
            if (kernels is null || !kernels.Contains(index))
            {
                Compute(step, values, redirectGradients, sketches);
            }

            if (values[index] is { } value)
            {
                visit(index, value);
            }

            foreach (int expired in _expiring[step])
            {
                values[expired]?.Dispose();
                values[expired] = null;
            }
        }
    }

    private void Compute(int step, torch.Tensor?[] values, bool redirectGradients, bool sketches)
    {
        int index = _order[step];
        torch.Tensor[] inputs = [.. _steps[step].Inputs.Select(source => values[source]!)];
        if (_steps[step].Operator is ModuleOutput output && values[index] is null)
        {
            RunModule(output.Module, inputs[0], values, redirectGradients);
        }

        values[index] ??= Forward(_steps[step], inputs, redirectGradients, sketches);
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

    private torch.Tensor Forward(GraphStep step, torch.Tensor[] inputs, bool redirectGradients, bool sketches)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor value = redirectGradients && step.Operator is Rectifier rectifier
                ? rectifier.ForwardRedirected(inputs[0])
                : sketches ? step.Operator.Sketch(inputs) : step.Operator.Run(inputs);
            return step.Operator is Constant ? value : value.MoveToOuterDisposeScope();
        }
        catch (Exception exception) when (exception is not CnnVizException && !ForeignFailure.IsOutOfMemory(exception))
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

    private KernelPart? KernelsFor(torch.Tensor input)
    {
        if (!UsesKernels || input.device_type != DeviceType.CPU || input.dtype != torch.ScalarType.Float32
            || input.shape is not [> 0, > 0 and < int.MaxValue, > 0, > 0] shape || shape[2] > int.MaxValue / shape[3])
        {
            return null;
        }

        lock (_kernelParts)
        {
            (long, long) size = (shape[2], shape[3]);
            if (!_kernelParts.TryGetValue(size, out KernelPart? part))
            {
                _kernelParts[size] = part = KernelPart.Find(
                    _steps, _start, _targets, new MapShape((int)shape[1], (int)shape[2], (int)shape[3]));
            }

            return part;
        }
    }
}
