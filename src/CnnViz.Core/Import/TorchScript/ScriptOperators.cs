using CnnViz.Import.Networks;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.TorchScript;

/// <summary>What the functions of TorchScript's text mean, with arguments by their places as ATen declares them.</summary>
internal static class ScriptOperators
{
    private const string Torch = "torch.";

    /// <summary>Adds a function to a network, or computes it where it does not depend on the image.</summary>
    /// <param name="net">The network.</param>
    /// <param name="name">Name for its node.</param>
    /// <param name="function">Its name in the text.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="NotTranslatedException">It is not known, or not with these arguments.</exception>
    public static object? Apply(NetworkBuilder net, string name, string function, object?[] arguments)
    {
        string operation = function.StartsWith(Torch, StringComparison.Ordinal) ? function[Torch.Length..].TrimEnd('_') : function;
        return arguments is [ScriptTensorValue input, ..]
            ? OfTensor(net, name, operation, input, arguments)
            : OfConstants(net, name, operation, arguments);
    }

    private static object? OfTensor(NetworkBuilder net, string name, string operation, ScriptTensorValue input, object?[] arguments)
    {
        Value x = input.Node;
        switch (operation, arguments)
        {
            case ("dim", _):
                return (long)input.Rank;
            case ("size", [_, 0L]):
                return new BatchSize();
            case ("__is__", [_, null]):
                return false;
            case ("__isnot__", [_, null]):
                return true;
            case ("dropout" or "feature_dropout" or "alpha_dropout" or "contiguous" or "detach" or "clone" or "alias", _):
                return input;
            case ("_convolution", [_, ScriptWeightValue weight, var bias, var stride, var padding, var dilation, var transposed, var more, long groups, ..]):
                return input with { Node = Convolution(net, name, x, weight, bias, stride, padding, dilation, transposed is true, more, groups) };
            case ("conv2d", [_, ScriptWeightValue weight, var bias, var stride, var padding, var dilation, long groups]):
                return input with { Node = Convolution(net, name, x, weight, bias, stride, padding, dilation, false, null, groups) };
            case ("batch_norm", [_, ScriptWeightValue weight, ScriptWeightValue bias, ScriptWeightValue mean, ScriptWeightValue variance, _, _, double epsilon, ..])
                when input.Rank == 4:
                return input with
                {
                    Node = net.BatchNorm2d(name, x, weight.ToWeight(), bias.ToWeight(), mean.ToWeight(), variance.ToWeight(), epsilon),
                };
            case ("linear", [_, ScriptWeightValue weight, var bias]) when input.Rank == 2:
                return input with { Node = net.Linear(name, x, weight.ToWeight(), Optional(bias)) };
            case ("relu", _):
                return input with { Node = net.ReLU(name, x) };
            case ("relu6", _):
                return input with { Node = net.ReLU6(name, x) };
            case ("hardtanh" or "clamp", [_, var low, var high]):
                return input with { Node = net.Clip(name, x, (float)Number(low), (float)Number(high)) };
            case ("leaky_relu", [_, var slope]):
                return input with { Node = net.LeakyReLU(name, x, Number(slope)) };
            case ("elu", [_, var alpha, ..]):
                return input with { Node = net.ELU(name, x, Number(alpha)) };
            case ("silu", _):
                return input with { Node = net.SiLU(name, x) };
            case ("gelu", [_] or [_, "none"]):
                return input with { Node = net.GELU(name, x) };
            case ("hardswish", _):
                return input with { Node = net.Hardswish(name, x) };
            case ("hardsigmoid", _):
                return input with { Node = net.Hardsigmoid(name, x) };
            case ("sigmoid", _):
                return input with { Node = net.Sigmoid(name, x) };
            case ("tanh", _):
                return input with { Node = net.Tanh(name, x) };
            case ("softmax", [_, 1L or -1L, ..]) when input.Rank == 2:
                return input with { Node = net.Softmax(name, x) };
            case ("log_softmax", [_, 1L or -1L, ..]) when input.Rank == 2:
                return input with { Node = net.LogSoftmax(name, x) };
            case ("max_pool2d", [_, var kernel, var stride, var padding, var dilation, bool ceil]):
                return input with { Node = net.MaxPool2d(name, x, Window(kernel, stride, padding, dilation), ceil) };
            case ("avg_pool2d", [_, var kernel, var stride, var padding, bool ceil, bool counts, null]):
                return input with { Node = net.AvgPool2d(name, x, Window(kernel, stride, padding, 1L), counts, ceil) };
            case ("adaptive_avg_pool2d", [_, var size]):
                Extent extent = Pair(size);
                return input with { Node = net.AdaptiveAvgPool2d(name, x, extent.Height, extent.Width) };
            case ("mean", [_, object[] and [2L or -2L, 3L or -1L], ..]) when input.Rank == 4:
                Value pooled = net.GlobalAvgPool2d(name, x);
                return arguments is [_, _, true, ..]
                    ? input with { Node = pooled }
                    : new ScriptTensorValue(net.Flatten($"{name}.flatten", pooled, 1), 2);
            case ("flatten", [_, 1L] or [_, 1L, -1L or 3L]):
                return new ScriptTensorValue(net.Flatten(name, x), 2);
            case ("view" or "reshape", [_, object[] shape]) when shape is [-1L or 1L or BatchSize, long]:
                return new ScriptTensorValue(net.Flatten(name, x), 2);
            case ("add", [_, ScriptTensorValue other, ..]) when arguments.Length == 2 || arguments[2] is 1L:
                return input with { Node = net.Add(name, x, other.Node) };
            case ("mul", [_, ScriptTensorValue factor]):
                return input with { Node = net.Mul(name, x, factor.Node) };
            default:
                throw new NotTranslatedException(operation);
        }
    }

    private static object? OfConstants(NetworkBuilder net, string name, string operation, object?[] arguments)
    {
        switch (operation, arguments)
        {
            case ("cat", [object[] parts, 1L or -3L]) when parts.Length > 0 && Array.TrueForAll(parts, part => part is ScriptTensorValue):
                return ((ScriptTensorValue)parts[0]!) with { Node = net.Concat(name, [.. parts.Select(part => ((ScriptTensorValue)part!).Node)]) };
            case ("ops.prim.NumToTensor" or "int" or "Int", [BatchSize size, ..]):
                return size;
            case ("eq" or "__is__", [var a, var b]) when IsConstant(a) && IsConstant(b):
                return Equals(a, b);
            case ("ne" or "__isnot__", [var a, var b]) when IsConstant(a) && IsConstant(b):
                return !Equals(a, b);
            case ("__isnot__", [ScriptWeightValue, null]):
                return true;
            case ("__is__", [ScriptWeightValue, null]):
                return false;
            case ("__not__", [bool value]):
                return !value;
            case ("len", [object[] items]):
                return (long)items.Length;
            default:
                throw new NotTranslatedException(operation);
        }
    }

    private static Value Convolution(
        NetworkBuilder net,
        string name,
        Value input,
        ScriptWeightValue weight,
        object? bias,
        object? stride,
        object? padding,
        object? dilation,
        bool transposed,
        object? outputPadding,
        long groups)
    {
        long[] shape = weight.Tensor.shape;
        if (shape.Length != 4)
        {
            throw new NotTranslatedException("a convolution that is not of two dimensions");
        }

        Window window = Windows.Of(new Extent(shape[2], shape[3]), Pair(stride), Pair(padding), Pair(dilation));
        return transposed
            ? net.ConvTranspose2d(name, input, weight.ToWeight(), Optional(bias), window, Pair(outputPadding), groups)
            : net.Conv2d(name, input, weight.ToWeight(), Optional(bias), window, groups);
    }

    private static Window Window(object? kernel, object? stride, object? padding, object? dilation) => Windows.Of(
        Pair(kernel), stride is object[] { Length: 0 } ? Pair(kernel) : Pair(stride), Pair(padding), Pair(dilation));

    private static Extent Pair(object? value) => value switch
    {
        long side => new Extent(side, side),
        object[] and [long side] => new Extent(side, side),
        object[] and [long height, long width] => new Extent(height, width),
        _ => throw new NotTranslatedException("sizes that are not known"),
    };

    private static double Number(object? value) => value switch
    {
        long whole => whole,
        double number => number,
        _ => throw new NotTranslatedException("a number that is not known"),
    };

    private static Weight? Optional(object? bias) => bias switch
    {
        null => null,
        ScriptWeightValue weight => weight.ToWeight(),
        _ => throw new NotTranslatedException("a bias that is no weight"),
    };

    private static bool IsConstant(object? value) => value is null or long or double or string or bool;
}
