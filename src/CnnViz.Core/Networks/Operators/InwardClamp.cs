using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>
/// A clamp that an ascent can climb out of: outside its range a gradient that leads back towards the range passes, one that leads further
/// away does not.
/// </summary>
/// <remarks>Lucid's <c>redirected_relu_grad</c> without its condition on the whole gradient, for any range.</remarks>
internal sealed class InwardClamp : torch.autograd.SingleTensorFunction<InwardClamp>
{
    public override string Name => nameof(InwardClamp);

    /// <summary>The value clamped to a range, as a differentiable function for going up.</summary>
    /// <param name="value">Any shape.</param>
    /// <param name="low">Lower end of the range.</param>
    /// <param name="high">Upper end of the range.</param>
    public static torch.Tensor Apply(torch.Tensor value, double low, double high) => apply(value, low, high);

    public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        var value = (torch.Tensor)vars[0];
        (double low, double high) = ((double)vars[1], (double)vars[2]);
        context.save_for_backward([value]);
        context.save_data("low", low);
        context.save_data("high", high);
        return value.Clamp(low, high);
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output)
    {
        torch.Tensor value = context.get_saved_variables()[0];
        var low = (double)context.get_data("low");
        var high = (double)context.get_data("high");
        torch.Tensor outward = (value.Lt(low) & grad_output.Lt(0)) | (value.Gt(high) & grad_output.Gt(0));
        return [torch.where(outward, torch.zeros_like(grad_output), grad_output), null!, null!];
    }
}
