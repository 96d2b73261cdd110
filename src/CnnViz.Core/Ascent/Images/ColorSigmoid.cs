using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Colours from three uncorrelated values of each pixel: y = σ(M·x), on the processor; rows are divided among threads.</summary>
internal sealed unsafe class ColorSigmoid : torch.autograd.SingleTensorFunction<ColorSigmoid>
{
    private const string Matrix = "matrix";
    private const int Channels = 3;

    // So few that they are still in the processor's nearest memory when they are gone through again.
    private const int PiecePixels = 1024;

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
        long[] shape = raw.shape;
        int plane = checked((int)(shape[2] * shape[3]));
        fixed (byte* source = raw.bytes)
        fixed (byte* target = colors.bytes)
        {
            float* from = (float*)source;
            float* to = (float*)target;
            ForEachPiece(shape, (first, pixels) =>
            {
                ColorMatrix.Apply(from + first, to + first, plane, pixels, matrix);
                for (int channel = 0; channel < Channels; channel++)
                {
                    Sigmoid.Apply(to + first + (long)channel * plane, pixels);
                }
            });
        }

        context.save_for_backward([colors]);
        context.save_data(Matrix, matrix);
        return colors;
    }

    public override List<torch.Tensor> backward(torch.autograd.AutogradContext context, torch.Tensor grad_output)
    {
        float[] turned = ColorMatrix.Turn((float[])context.get_data(Matrix));
        using torch.Tensor colors = context.get_saved_variables()[0].detach();
        using torch.Tensor gradient = grad_output.detach().contiguous();
        torch.Tensor result = torch.empty(gradient.shape);
        long[] shape = gradient.shape;
        int plane = checked((int)(shape[2] * shape[3]));
        fixed (byte* color = colors.bytes)
        fixed (byte* source = gradient.bytes)
        fixed (byte* target = result.bytes)
        {
            float* values = (float*)color;
            float* from = (float*)source;
            float* to = (float*)target;
            ForEachPiece(shape, (first, pixels) =>
            {
                for (int channel = 0; channel < Channels; channel++)
                {
                    long start = first + (long)channel * plane;
                    Sigmoid.Pass(values + start, from + start, to + start, pixels);
                }

                ColorMatrix.Apply(to + first, to + first, plane, pixels, turned);
            });
        }

        return [result, null!];
    }

    // Gets the place of the first value of the first channel, and how many pixels there are from there on.
    private static void ForEachPiece(long[] shape, Action<long, int> work)
    {
        (int images, int height, int width) = ((int)shape[0], (int)shape[2], (int)shape[3]);
        WorkerTeam.Run(LibtorchThreads.Count, share =>
        {
            foreach (RowBand band in share.Bands(images, height))
            {
                long start = ((long)band.Image * Channels * height + band.First) * width;
                int pixels = (band.Last - band.First) * width;
                for (int piece = 0; piece < pixels; piece += PiecePixels)
                {
                    work(start + piece, Math.Min(PiecePixels, pixels - piece));
                }
            }
        });
    }
}
