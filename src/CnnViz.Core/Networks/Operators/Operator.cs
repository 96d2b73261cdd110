using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>
/// One operation of a graph with its weights. Weights never ask for gradients: the only gradient that is ever wanted is the
/// input image's.
/// </summary>
internal abstract class Operator : IDisposable
{
    // Values in a tensor that may say sizes.
    private const long LargestSmall = 1 << 12;

    private readonly List<torch.Tensor> _weights = [];

    /// <summary>What the operation is, by its PyTorch module name where it has one: <c>Conv2d</c>, <c>ReLU</c>, <c>Concat</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>False for what only moves values about (reshape, transpose, slice): its output is no layer of its own.</summary>
    public virtual bool IsLayer => true;

    /// <summary>Whether the output is an affine function of the one input that depends on the image.</summary>
    public virtual bool IsAffine => false;

    /// <summary>
    /// The factor and the summand for each channel, C values each, where that is all that the operator is; else null. The caller's to dispose.
    /// </summary>
    public virtual (torch.Tensor Gain, torch.Tensor Offset)? ChannelAffine => null;

    /// <summary>The weights, for counting and for moving.</summary>
    public IReadOnlyList<torch.Tensor> Weights => _weights;

    /// <summary>Number of values in the weights that training may change.</summary>
    public virtual long ParameterCount => _weights.Sum(weight => weight.numel());

    /// <summary>
    /// L2 norm of each output channel's weights, or null where an operator has no weights per channel.
    /// </summary>
    public virtual float[]? FilterNorms => null;

    /// <summary>The output for the inputs. Intermediate tensors belong to the caller's dispose scope.</summary>
    public abstract torch.Tensor Forward(torch.Tensor[] inputs);

    /// <summary>Has kernels do the same, forward and back, many times faster.</summary>
    /// <param name="plan">What they are added to.</param>
    /// <param name="inputs">The inputs.</param>
    /// <returns>The output; null where there are none, and nothing was added.</returns>
    public virtual KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs) =>
        Array.TrueForAll(inputs, input => input.IsMaps || (IsPerChannel && input.IsVector))
            && CreateKernel([.. inputs.Select(input => input.Shape)]) is { } kernel
            ? inputs[0] with { Map = plan.Add(kernel, [.. inputs.Select(input => input.Map!)]) }
            : null;

    /// <summary>
    /// Whether <see cref="AddTo"/> takes constants that depend on the number of images: it is given those of one image, and checks that they say
    /// so.
    /// </summary>
    public virtual bool TakesSizesOfBatches => false;

    /// <summary>Whether N×C is to it as N×C×1×1 is.</summary>
    protected virtual bool IsPerChannel => false;

    /// <summary>The one kernel that does the same for N×C×H×W of one size.</summary>
    /// <param name="inputs">The inputs' sizes.</param>
    /// <returns>Null where there is nothing of the kind.</returns>
    protected virtual Kernel? CreateKernel(MapShape[] inputs)
    {
        if (ChannelAffine is not { } channels)
        {
            return null;
        }

        using (channels.Gain)
        using (channels.Offset)
        {
            return Kernel.ChannelAffine(channels.Gain.ToFloats(), channels.Offset.ToFloats(), inputs[0]);
        }
    }

    /// <summary>As <see cref="Forward"/>, with a handle of its own where the output is an input unchanged.</summary>
    public torch.Tensor Run(torch.Tensor[] inputs)
    {
        torch.Tensor output = Forward(inputs);
        return Array.Exists(inputs, input => ReferenceEquals(input, output)) ? output.alias() : output;
    }

    /// <summary>
    /// As <see cref="Run"/>, where only shapes and types are wanted: large real values of the inputs mean nothing, nor do those of the output, and
    /// they take neither time nor memory. Small ones, which may be sizes, are computed.
    /// </summary>
    public torch.Tensor Sketch(torch.Tensor[] inputs) =>
        Array.Exists(inputs, IsLarge) && SketchShape(inputs) is { } shape
            ? Blank(shape, inputs[0].is_floating_point() ? inputs[0] : Array.Find(inputs, IsLarge)!)
            : Run(inputs);

    /// <summary>The shape of the output; null where it takes a run to find out, or to fail.</summary>
    public long[]? ExpectedShape(torch.Tensor[] inputs) => SketchShape(inputs);

    /// <summary>The shape of the output of large inputs; null where it takes a run to find out, or to fail.</summary>
    protected virtual long[]? SketchShape(torch.Tensor[] inputs) => null;

    /// <summary>The receptive field of the output.</summary>
    /// <param name="field">That of the inputs.</param>
    /// <param name="from">Height and width of the first input at the model's input size.</param>
    /// <param name="to">Height and width of the output.</param>
    public virtual ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => field;

    /// <summary>Takes over a tensor as a weight: freed with the operator and no sooner, moved with the model.</summary>
    protected torch.Tensor Own(torch.Tensor weight)
    {
        weight.DetachFromDisposeScope();
        weight.requires_grad_(false);
        _weights.Add(weight);
        return weight;
    }

    /// <summary>As <see cref="Own"/>, for a weight that may be absent.</summary>
    protected torch.Tensor? OwnOptional(torch.Tensor? weight) => weight is null ? null : Own(weight);

    /// <summary>Makes sure that weights, one for each channel, are for as many channels. Where only shapes are wanted, nothing else would look.</summary>
    /// <exception cref="ArgumentException">They are not, or there are none.</exception>
    protected static void RequireVectors(params torch.Tensor[] weights)
    {
        long[] lengths = [.. weights.Select(weight => weight.numel()).Distinct()];
        if (lengths is not [> 0])
        {
            throw new ArgumentException($"its weights are for {string.Join(" and ", lengths)} channels");
        }
    }

    private static bool IsLarge(torch.Tensor tensor) => tensor.is_floating_point() && tensor.numel() > LargestSmall;

    // One value in memory, however large the shape.
    private static torch.Tensor Blank(long[] shape, torch.Tensor like) =>
        torch.zeros([], like.dtype, like.device).expand(TensorSize.Check(shape));

    /// <summary>Moves the weights to a device.</summary>
    public void To(torch.Device device)
    {
        foreach (torch.Tensor weight in _weights.Where(weight => weight.is_floating_point()))
        {
            using torch.Tensor moved = weight.to(device);
            weight.set_(moved);
        }
    }

    public void Dispose()
    {
        foreach (torch.Tensor weight in _weights)
        {
            weight.Dispose();
        }

        _weights.Clear();
    }
}
