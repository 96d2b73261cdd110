using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CnnViz.Models.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Colours from three uncorrelated values of each pixel: y = σ(M·x), on the processor; images are divided among the threads.</summary>
internal sealed unsafe class ColorSigmoid : torch.autograd.SingleTensorFunction<ColorSigmoid>
{
    private const string Matrix = "matrix";
    private const int Channels = 3;

    public override string Name => nameof(ColorSigmoid);

    /// <summary>The colours.</summary>
    /// <param name="raw">N×3×H×W, float32, on the processor.</param>
    /// <param name="matrix">3×3, row by row.</param>
    /// <returns>The same shape, 0…1; differentiable.</returns>
    public static torch.Tensor Apply(torch.Tensor raw, float[] matrix) => apply(raw, matrix);

    public override torch.Tensor forward(torch.autograd.AutogradContext context, params object[] vars)
    {
        var matrix = (float[])vars[1];
        using torch.Tensor raw = ((torch.Tensor)vars[0]).detach().contiguous();
        torch.Tensor colors = torch.empty(raw.shape);
        ForEachImage(raw, colors, (image, source, target, pixels) =>
        {
            ColorMatrix.Apply(source, target, pixels, matrix);

            // On whatever thread this is.
            using DisposeScope scope = torch.NewDisposeScope();
            colors.narrow(0, image, 1).sigmoid_();
        });
        context.save_for_backward([colors]);
        context.save_data(Matrix, matrix);
        return colors;
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output)
    {
        var matrix = (float[])context.get_data(Matrix);
        float[] turned = ColorMatrix.Turn(matrix);
        using torch.Tensor colors = context.get_saved_variables()[0].detach();
        using torch.Tensor gradient = grad_output.detach().clone();
        torch.Tensor result = torch.empty(gradient.shape);
        ForEachImage(colors, gradient, (_, values, slopes, pixels) => PassSigmoid(values, slopes, Channels * pixels));
        ForEachImage(gradient, result, (_, source, target, pixels) => ColorMatrix.Apply(source, target, pixels, turned));
        return [result, null!];
    }

    private static void ForEachImage(torch.Tensor from, torch.Tensor to, ImageWork work)
    {
        long[] shape = from.shape;
        int pixels = checked((int)(shape[2] * shape[3]));
        fixed (byte* source = from.bytes)
        fixed (byte* target = to.bytes)
        {
            float* sources = (float*)source;
            float* targets = (float*)target;
            WorkerTeam.Run((int)shape[0], image =>
                work(image, sources + (long)image * Channels * pixels, targets + (long)image * Channels * pixels, pixels));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PassSigmoid(float* colors, float* gradient, int values)
    {
        int i = 0;
        for (; i + Lanes.Count <= values; i += Lanes.Count)
        {
            Vector512<float> color = Vector512.Load(colors + i);
            (Vector512.Load(gradient + i) * color * (Vector512<float>.One - color)).Store(gradient + i);
        }

        for (; i < values; i++)
        {
            gradient[i] *= colors[i] * (1 - colors[i]);
        }
    }

    private delegate void ImageWork(int image, float* source, float* target, int pixels);
}
