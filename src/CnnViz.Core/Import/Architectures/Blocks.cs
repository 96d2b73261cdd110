using CnnViz.Import.Networks;

namespace CnnViz.Import.Architectures;

/// <summary>What several architectures are made of. A part's name is that of its module.</summary>
internal static class Blocks
{
    /// <summary>Convolution that keeps the size but for its stride, batch normalization, and an activation if there is one.</summary>
    public static Value ConvNormActivation(
        this TorchNetwork net,
        string name,
        Value input,
        long channels,
        long kernel,
        Activation? activation = null,
        long stride = 1,
        long groups = 1,
        double? ownEpsilon = null)
    {
        Value x = net.Conv2d($"{name}.0", input, channels, kernel, stride, padding: kernel / 2, groups);
        x = net.BatchNorm2d($"{name}.1", x, ownEpsilon);
        return activation is null ? x : activation(net, $"{name}.2", x);
    }

    /// <summary>A convolution of 3×3 in each channel, then one of 1×1 (Howard et al. 2017), each with normalization and activation.</summary>
    public static Value SeparableConvolution(
        this TorchNetwork net, string name, Value input, long channels, Activation activation, long stride = 1)
    {
        Value x = net.ConvNormActivation(name, input, input.Channels!.Value, kernel: 3, activation, stride, groups: input.Channels.Value);
        x = net.BatchNorm2d($"{name}.4", net.Conv2d($"{name}.3", x, channels, kernel: 1));
        return activation(net, $"{name}.5", x);
    }

    /// <summary>Weighs channels by what their means say (Hu et al. 2018).</summary>
    public static Value SqueezeExcitation(
        this TorchNetwork net, string name, Value input, long squeezed, Activation activation, Activation gate)
    {
        Value x = net.GlobalAvgPool2d($"{name}.avgpool", input);
        x = net.Conv2d($"{name}.fc1", x, squeezed, kernel: 1, bias: true);
        x = activation(net, $"{name}.activation", x);
        x = net.Conv2d($"{name}.fc2", x, input.Channels!.Value, kernel: 1, bias: true);
        x = gate(net, $"{name}.scale_activation", x);
        return net.Mul($"{name}.mul", input, x);
    }

    /// <summary>Adds what went into a block to what comes out of it, where neither size nor number of channels changed.</summary>
    public static Value Residual(this TorchNetwork net, string name, Value input, Value output, long stride) =>
        stride == 1 && input.Channels == output.Channels ? net.Add($"{name}.add", output, input) : output;

    /// <summary>Mean of each channel, then a dense layer.</summary>
    public static Value PooledLinear(this TorchNetwork net, Value input, string pool, string linear) =>
        net.Head(input, maps => net.Linear(linear, net.Flatten("flatten", net.GlobalAvgPool2d(pool, maps), positions: 1)));

    /// <summary>The nearest multiple of 8, at least 8, that is no more than a tenth smaller.</summary>
    public static long MakeDivisible(double channels, long divisor = 8)
    {
        long rounded = Math.Max(divisor, (long)(channels + divisor / 2.0) / divisor * divisor);
        return rounded < 0.9 * channels ? rounded + divisor : rounded;
    }
}
