using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>A function of one value, applied to each: an activation, or arithmetic of one argument.</summary>
/// <param name="kind">Its name.</param>
/// <param name="function">The function.</param>
/// <param name="kernel">The kernel for maps; null where there is none.</param>
internal sealed class Elementwise(
    string kind, Func<torch.Tensor, torch.Tensor> function, Func<KernelValue, Kernel?>? kernel = null) : Operator
{
    public override string Kind => kind;

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs) =>
        inputs[0].Map is { } map && kernel?.Invoke(inputs[0]) is { } made ? inputs[0] with { Map = plan.Add(made, map) } : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs) => function(inputs[0]);

    protected override long[] SketchShape(torch.Tensor[] inputs) => inputs[0].shape;
}

/// <summary>Leaky ReLU with a slope per channel.</summary>
internal sealed class PRelu : Operator
{
    private readonly torch.Tensor _slope;

    public PRelu(torch.Tensor slope) => _slope = Own(slope);

    public override string Kind => "PReLU";

    protected override Kernel? CreateKernel(MapShape[] inputs) => _slope.numel() == 1
        ? Kernel.Function(ScalarFunction.LeakyRelu(_slope.ToFloats()[0]), inputs[0])
        : ChannelConstant.Of(_slope, inputs[0]) is not null
            ? Kernel.ChannelRectifier(_slope.ToFloats(), inputs[0])
            : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs) => inputs[0].relu() - _slope * (-inputs[0]).relu();
}

/// <summary>A function of several values that are broadcast to one shape, folded from the left: sums, products, comparisons.</summary>
/// <param name="kind">Its name.</param>
/// <param name="function">The function of two.</param>
internal sealed class Broadcast(string kind, Func<torch.Tensor, torch.Tensor, torch.Tensor> function) : Operator
{
    public override string Kind => kind;

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs) => BroadcastKernels.Add(plan, kind, inputs);

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        inputs.Aggregate(function);

    // Not where truth values come of numbers, or whole numbers of real ones.
    protected override long[]? SketchShape(torch.Tensor[] inputs) =>
        kind is "Add" or "Sub" or "Mul" or "Div" or "Min" or "Max" && Array.TrueForAll(inputs, input => input.is_floating_point())
            ? inputs.Select(input => (long[]?)input.shape).Aggregate(TensorSize.Broadcast)
            : null;

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => field;
}

/// <summary>Anything that takes several tensors, by a function.</summary>
/// <param name="kind">Its name.</param>
/// <param name="function">The function of all inputs.</param>
/// <param name="isLayer">Whether its output is a layer.</param>
/// <param name="seesWholeImage">Whether each value of the output depends on all of the image.</param>
/// <param name="padding">Rows and columns that it adds before the image.</param>
/// <param name="kernels">Has kernels do it; null where there are none.</param>
internal sealed class Compose(
    string kind,
    Func<torch.Tensor[], torch.Tensor> function,
    bool isLayer = false,
    bool seesWholeImage = false,
    Extent padding = default,
    KernelMaker? kernels = null) : Operator
{
    public override string Kind => kind;

    public override bool IsLayer => isLayer;

    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs) => kernels?.Invoke(plan, inputs);

    public override torch.Tensor Forward(torch.Tensor[] inputs) => function(inputs);

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => 
        seesWholeImage ? ReceptiveField.WholeImage : field.Slide((1, 1), (1, 1), (-padding.Height, -padding.Width));
}
