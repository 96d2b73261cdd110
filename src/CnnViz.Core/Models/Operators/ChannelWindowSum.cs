using TorchSharp;

namespace CnnViz.Models.Operators;

/// <summary>The sum over each channel and its neighbours, in place: pooling over channels takes many times as long, forward and back.</summary>
internal sealed class ChannelWindowSum : torch.autograd.SingleTensorFunction<ChannelWindowSum>
{
    public override string Name => nameof(ChannelWindowSum);

    /// <summary>The sums.</summary>
    /// <param name="values">N×C×….</param>
    /// <param name="before">Neighbours before a channel that count.</param>
    /// <param name="after">Neighbours after it.</param>
    /// <returns>The same shape; differentiable.</returns>
    public static torch.Tensor Apply(torch.Tensor values, long before, long after) => apply(values, before, after);

    public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        (long before, long after) = ((long)vars[1], (long)vars[2]);
        context.save_data("before", before);
        context.save_data("after", after);
        return Sum((torch.Tensor)vars[0], before, after);
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output) =>
        [Sum(grad_output, (long)context.get_data("after"), (long)context.get_data("before")), null!, null!];

    private static torch.Tensor Sum(torch.Tensor values, long before, long after)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor sums = values.clone();
        long channels = values.shape[1];
        for (long distance = 1; distance <= Math.Min(Math.Max(before, after), channels - 1); distance++)
        {
            torch.Tensor first = sums.narrow(1, 0, channels - distance);
            torch.Tensor last = sums.narrow(1, distance, channels - distance);
            _ = distance <= after ? first.add_(values.narrow(1, distance, channels - distance)) : first;
            _ = distance <= before ? last.add_(values.narrow(1, 0, channels - distance)) : last;
        }

        return sums.MoveToOuterDisposeScope();
    }
}
