using TorchSharp;

namespace CnnViz.Kernels;

/// <summary>A plan as a differentiable function; its gradient can be taken once.</summary>
internal sealed class KernelFunction : torch.autograd.MultiTensorFunction<KernelFunction>
{
    private const string Plan = "plan";
    private const string Values = "values";
    private const string Count = "count";

    public override string Name => nameof(KernelFunction);

    /// <summary>The outputs of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="images">N×C×H×W.</param>
    /// <returns>N×C×H×W each; they belong to the caller's dispose scope.</returns>
    public static IReadOnlyList<torch.Tensor> Apply(KernelPlan plan, torch.Tensor images)
    {
        if (images.requires_grad && torch.is_grad_enabled())
        {
            return apply(images, plan);
        }

        (AlignedBuffer values, torch.Tensor[] outputs) = plan.Forward(images);
        plan.Return(values);
        return outputs;
    }

    public override List<torch.Tensor> forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        var plan = (KernelPlan)vars[1];
        (AlignedBuffer values, torch.Tensor[] outputs) = plan.Forward((torch.Tensor)vars[0]);
        context.save_data(Plan, plan);

        // TorchSharp 0.107 makes zeros of tensors that it has let go, where an output has no gradient.
        context.set_materialize_grads(false);
        context.save_data(Values, values);
        context.save_data(Count, (int)outputs[0].shape[0]);
        return [.. outputs];
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, List<torch.Tensor> grad_outputs)
    {
        var plan = (KernelPlan)context.get_data(Plan);
        var values = (AlignedBuffer)context.get_data(Values);
        var count = (int)context.get_data(Count);
        torch.Tensor gradient = plan.Backward(values, count, [.. grad_outputs.Select(output => output.IsInvalid ? null : output)]);
        plan.Return(values);
        return [gradient, null!];
    }
}
