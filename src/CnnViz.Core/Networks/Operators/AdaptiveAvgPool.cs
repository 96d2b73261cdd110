using CnnViz.Kernels;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>
/// Average pooling to a wanted height and width: output row i is the mean of the input's rows ⌊i·H/h⌋ to ⌈(i+1)·H/h⌉ − 1.
/// </summary>
/// <param name="size">Height and width of the output.</param>
internal sealed class AdaptiveAvgPool(Extent size) : Operator
{
    /// <summary>Its type in a <see cref="NodeDefinition"/>, which ONNX does not know.</summary>
    public const string DefinitionType = "AdaptiveAveragePool";

    /// <summary>The attribute of the definition that has height and width of the output.</summary>
    public const string SizeAttribute = "output_size";

    public override string Kind => "AdaptiveAvgPool2d";

    public override bool IsAffine => true;

    protected override Kernel? CreateKernel(MapShape[] inputs) => size.Height > 0 && size.Width > 0
        ? Kernel.Resample(
            AxisWeights.Mean(inputs[0].Height, (int)size.Height), AxisWeights.Mean(inputs[0].Width, (int)size.Width), inputs[0])
        : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        torch.nn.functional.adaptive_avg_pool2d(inputs[0], size.ToArray());

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to)
    {
        (double rows, double rowStep) = Axis(from.Height, size.Height);
        (double columns, double columnStep) = Axis(from.Width, size.Width);
        return field.Slide((rows, columns), (rowStep, columnStep), (0, 0));

        static (double Taps, double Step) Axis(double input, double output) =>
            (Math.Ceiling(input / output) + (input % output == 0 || output % input == 0 ? 0 : 1), input / output);
    }
}
