using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.Onnx;

/// <summary>
/// How many numbers may be computed while a file is read: a few for each that it has. A small file can ask for any number, such as by a list that is joined
/// to itself again and again.
/// </summary>
/// <param name="tensors">The tensors of the file.</param>
internal sealed class OnnxFolding(OnnxTensors tensors)
{
    private const string Uniform = "ConstantOfShape";
    private const long Allowance = 1 << 26;

    // Weights that are scaled, moved and cast are computed some times.
    private const long EachValue = 16;

    // Files that show a network without its weights have one number in the place of each; VGG-19 has 144 million.
    private const double UniformCost = 0.4;

    private long _computed;

    /// <summary>Runs an operator on constants.</summary>
    /// <exception cref="ArgumentException">The result would be too large.</exception>
    public torch.Tensor Run(Operator made, torch.Tensor[] inputs)
    {
        long most = Allowance + EachValue * tensors.ValuesRead;
        double cost = made.Kind == Uniform ? UniformCost : 1;
        double expected = made.ExpectedShape(inputs) is { } shape ? Product(shape) : Expected(made.Kind, inputs);
        if (expected * cost > most - _computed)
        {
            throw new ArgumentException("it computes far more numbers than the file has");
        }

        torch.Tensor value = made.Run(inputs);
        _computed += (long)(value.numel() * cost);
        return value;
    }

    // At most, of the operators that say no shape. Others give what they are given, or have a limit of their own.
    private static double Expected(string kind, torch.Tensor[] inputs)
    {
        double all = inputs.Aggregate(1.0, (product, input) => product * input.numel());
        long[] first = inputs.FirstOrDefault()?.shape ?? [];
        return kind switch
        {
            "Concat" => inputs.Sum(input => (double)input.numel()),
            "Einsum" => all,
            Uniform => Product(inputs[0].ToLongs()),
            "MatMul" => all / Math.Max(1.0, first.Length > 0 ? (double)first[^1] * first[^1] : 1),
            "Gather" => all / Math.Max(1, first.DefaultIfEmpty(1).Min()),
            _ => inputs.Select(input => (long[]?)input.shape).Aggregate((long[]?)[], TensorSize.Broadcast) is { } shape
                ? Product(shape)
                : inputs.Max(input => (double)input.numel()),
        };
    }

    private static double Product(long[] shape) => shape.Aggregate(1.0, (product, size) => product * size);
}
