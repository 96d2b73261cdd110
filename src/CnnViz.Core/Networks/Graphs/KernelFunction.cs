using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Graphs;

/// <summary>A plan of kernels as a differentiable function of tensors; its gradient can be taken once.</summary>
internal sealed class KernelFunction : torch.autograd.MultiTensorFunction<KernelFunction>
{
    private const string Run = "run";

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

        (KernelRun run, torch.Tensor[] outputs) = Forward(plan, images);
        run.Dispose();
        return outputs;
    }

    public override List<torch.Tensor> forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        (KernelRun run, torch.Tensor[] outputs) = Forward((KernelPlan)vars[1], (torch.Tensor)vars[0]);

        // TorchSharp 0.107 makes zeros of tensors that it has let go, where an output has no gradient.
        context.set_materialize_grads(false);
        context.save_data(Run, run);
        return [.. outputs];
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, List<torch.Tensor> grad_outputs)
    {
        using var run = (KernelRun)context.get_data(Run);
        torch.Tensor?[] gradients = [.. grad_outputs.Select(output => output.IsInvalid ? null : output.detach().contiguous())];
        torch.Tensor result = Empty(run.Count, run.Plan.Image);
        run.Plan.Backward(
            run,
            [.. gradients.Select(gradient => gradient is null ? (PlainMaps?)null : Plain(gradient))],
            Plain(result),
            LibtorchThreads.Count);
        Array.ForEach(gradients, gradient => gradient?.Dispose());
        return [result, null!];
    }

    private static (KernelRun Run, torch.Tensor[] Outputs) Forward(KernelPlan plan, torch.Tensor images)
    {
        int count = (int)images.shape[0];
        using torch.Tensor source = images.detach().contiguous();
        torch.Tensor[] outputs = [.. plan.Outputs.Select(shape => Empty(count, shape))];
        KernelRun run = plan.Forward(Plain(source), count, [.. outputs.Select(Plain)], LibtorchThreads.Count);
        return (run, outputs);
    }

    private static torch.Tensor Empty(int count, MapShape shape) =>
        torch.empty([count, shape.Channels, shape.Height, shape.Width]);

    // libtorch's memory does not move; it is there as long as the tensor, which must not be disposed before the plan has run.
    private static unsafe PlainMaps Plain(torch.Tensor tensor)
    {
        fixed (byte* bytes = tensor.bytes)
        {
            return new PlainMaps((float*)bytes, tensor.numel());
        }
    }
}
