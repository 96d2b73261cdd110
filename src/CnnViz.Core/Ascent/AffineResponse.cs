using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// What objectives are worth that are affine in what a layer's last operations get: the mean of a convolution's map is a constant plus the
/// product of a fixed weight for each input value with that value. So the convolution runs once, and at the steps a product takes its place;
/// of a network's first convolution nothing else is left.
/// </summary>
internal sealed class AffineResponse : IDisposable
{
    private readonly IReadOnlyList<CnnObjective> _objectives;
    private readonly CnnLayer _layer;
    private readonly float _sign;
    private readonly SubGraph _before;
    private readonly SubGraph _tail;

    // For each objective 1×C×H×W, with the sign of the way, and what the objective is where these values are zero.
    private torch.Tensor? _weights;
    private float[]? _constants;

    private AffineResponse(IReadOnlyList<CnnObjective> objectives, int start, bool minimize)
    {
        _objectives = objectives;
        _layer = objectives[0].Layers[0];
        _sign = minimize ? -1 : 1;
        Graph graph = _layer.Model.Graph;
        _before = graph.SubGraph(start);
        _tail = new SubGraph(graph, [_layer.Node], start) { UsesKernels = false };
    }

    /// <summary>For objectives of which each is one image's.</summary>
    /// <param name="objectives">The objectives.</param>
    /// <param name="minimize">Whether down is the way.</param>
    /// <returns>Null where they are not affine in anything before their layer, or are not of one layer.</returns>
    public static AffineResponse? For(IReadOnlyList<CnnObjective> objectives, bool minimize)
    {
        CnnLayer layer = objectives[0].Layers[0];
        int start = layer.Model.Graph.AffineStart(layer.Node);
        return start != layer.Node && objectives.All(objective => objective.IsAffine && objective.Layers[0] == layer)
            ? new AffineResponse(objectives, start, minimize)
            : null;
    }

    /// <summary>The objectives' values, and the gradient that leads on. Parameters and result as of <see cref="ObjectiveResponse"/>.</summary>
    public (float[] Values, torch.Tensor Gradient) Differentiate(
        torch.Tensor views, bool redirectGradients, CancellationToken cancellation)
    {
        torch.Tensor input = views.detach().requires_grad_();
        torch.Tensor given = _before.RunAll(_layer.Model.Preprocessing.Apply(input), redirectGradients, cancellation)[0];
        long count = views.shape[0] / _objectives.Count;
        Prepare(given, cancellation);
        torch.Tensor products = (given * _weights!.repeat_interleave(count, 0)).flatten(1).sum([1]);
        torch.Tensor values = products.reshape(-1, count).mean([1]);
        float[] sums = [.. values.detach().ToFloats().Zip(_constants!, (value, constant) => value * _sign + constant)];
        return (sums, ObjectiveResponse.Gradient(_layer, [values.sum()], [input])[0]);
    }

    /// <summary>Prepares the kernels, if libtorch has little to do for views; as <see cref="SubGraph.PrepareKernels"/>.</summary>
    public long? PrepareKernels(torch.Tensor views) => _before.PrepareKernels(views);

    public void Dispose()
    {
        _weights?.Dispose();
    }

    private void Prepare(torch.Tensor given, CancellationToken cancellation)
    {
        if (_weights is not null)
        {
            return;
        }

        torch.Tensor zeros = torch.zeros_like(given.narrow(0, 0, 1)).requires_grad_();
        torch.Tensor output = _tail.RunAll(zeros, redirectGradients: false, cancellation)[0];
        var activations = new Activations(
            new Dictionary<CnnLayer, torch.Tensor> { [_layer] = output },
            new Dictionary<string, IReadOnlyDictionary<CnnLayer, torch.Tensor>>(),
            image: 0,
            views: 1);
        torch.Tensor[] values = [.. _objectives.Select(objective => objective.Evaluate(activations).mean())];
        _constants = torch.stack(values).detach().ToFloats();
        _weights = torch.cat([.. values.Select(value => torch.autograd.grad([value], [zeros], retain_graph: true)[0])])
            .Mul(_sign).DetachFromDisposeScope();
    }
}
