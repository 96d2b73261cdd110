using CnnViz.Import.Networks;
using CnnViz.Import.PyTorch;
using CnnViz.Networks;
using CnnViz.Networks.Operators;

namespace CnnViz.Import.Architectures;

/// <summary>
/// The network of an <c>nn.Sequential</c> that was saved whole, put together from the attributes of its modules. A module of
/// another class has a program of its own, which is not run: the weights are then looked up among the architectures.
/// </summary>
internal static class ModuleNetwork
{
    private const string Sequential = "torch.nn.modules.container.Sequential";

    private delegate Value? Maker(TorchNetwork net, string name, TorchObject module, Value input);

    private static readonly Dictionary<string, Maker> s_makers = new(StringComparer.Ordinal)
    {
        ["container.Sequential"] = Chain,
        ["linear.Identity"] = (_, _, _, input) => input,
        ["dropout.Dropout"] = (_, _, _, input) => input,
        ["dropout.Dropout2d"] = (_, _, _, input) => input,
        ["conv.Conv2d"] = Conv,
        ["linear.Linear"] = (net, name, _, input) => net.Linear(name, input, bias: net.Has($"{name}.bias")),
        ["batchnorm.BatchNorm2d"] = Norm,
        ["batchnorm.BatchNorm1d"] = Norm,
        ["flatten.Flatten"] = (net, name, module, input) =>
            (module.Number("start_dim"), module.Number("end_dim")) == (1, -1) ? net.Flatten(name, input) : null,
        ["pooling.MaxPool2d"] = (net, name, module, input) => WindowOf(module) is { } window
            ? net.MaxPool2d(name, input, window, module.Attribute("ceil_mode") is true)
            : null,
        ["pooling.AvgPool2d"] = (net, name, module, input) => WindowOf(module) is { } window && module.Attribute("divisor_override") is null
            ? net.AvgPool2d(name, input, window, module.Attribute("count_include_pad") is true, module.Attribute("ceil_mode") is true)
            : null,
        ["pooling.AdaptiveAvgPool2d"] = (net, name, module, input) => module.Size("output_size", least: 1) is { } size
            ? net.AdaptiveAvgPool2d(name, input, size.Height, size.Width)
            : null,
        ["activation.ReLU"] = Of(ActivationLayers.ReLU),
        ["activation.ReLU6"] = Of(ActivationLayers.ReLU6),
        ["activation.LeakyReLU"] = (net, name, module, input) =>
            module.Number("negative_slope") is { } slope ? net.LeakyReLU(name, input, slope) : null,
        ["activation.ELU"] = (net, name, module, input) => module.Number("alpha") is { } alpha ? net.ELU(name, input, alpha) : null,
        ["activation.SELU"] = Of(ActivationLayers.SELU),
        ["activation.SiLU"] = Of(ActivationLayers.SiLU),
        ["activation.GELU"] = (net, name, module, input) => module.Attribute("approximate") switch
        {
            null or "none" => net.GELU(name, input),
            "tanh" => net.TanhGELU(name, input),
            _ => null,
        },
        ["activation.Hardswish"] = Of(ActivationLayers.Hardswish),
        ["activation.Hardsigmoid"] = Of(ActivationLayers.Hardsigmoid),
        ["activation.Sigmoid"] = Of(ActivationLayers.Sigmoid),
        ["activation.Tanh"] = Of(ActivationLayers.Tanh),
        ["activation.Softmax"] = (net, name, module, input) => module.Number("dim") == 1 ? net.Softmax(name, input) : null,
        ["activation.LogSoftmax"] = (net, name, module, input) => module.Number("dim") == 1 ? net.LogSoftmax(name, input) : null,
    };

    /// <summary>The network of a module; null where one of its parts is not known. No tensor is read.</summary>
    public static Architecture? TryMake(TorchObject module)
    {
        var trial = new TorchNetwork(_ => null, 0);
        return module.Class == Sequential && ModuleTree.IsOfUsualSize(module) && Chain(trial, string.Empty, module, trial.Image) is { } end && end != trial.Image
            ? new Architecture("Sequential", net => Chain(net, string.Empty, module, net.Image)!.Value)
            {
                Preprocessing = Preprocessing.Unit with { Source = PreprocessingSource.Guessed },
            }
            : null;
    }

    private static Value? Chain(TorchNetwork net, string name, TorchObject module, Value input)
    {
        Value? x = input;
        foreach ((string child, TorchObject part) in ModuleTree.ChildrenOf(module))
        {
            string path = name.Length == 0 ? child : $"{name}.{child}";
            x = x is { } value && MakerOf(part) is { } make ? make(net, path, part, value) : null;
        }

        return x;
    }

    private static Maker? MakerOf(TorchObject module)
    {
        const string modules = "torch.nn.modules.";
        return module.Class.StartsWith(modules, StringComparison.Ordinal) ? s_makers.GetValueOrDefault(module.Class[modules.Length..]) : null;
    }

    private static Maker Of(Activation activation) => (net, name, _, input) => activation(net, name, input);

    private static Value? Conv(TorchNetwork net, string name, TorchObject module, Value input)
    {
        if (module.Size("kernel_size", least: 1) is not { } kernel
            || module.Size("stride", least: 1) is not { } stride
            || module.Size("dilation", least: 1) is not { } dilation
            || module.Attribute("groups") is not (long groups and > 0)
            || module.Attribute("padding_mode") is not (null or "zeros")
            || PaddingOf(module, kernel, dilation) is not { } padding)
        {
            return null;
        }

        long? channels = net.ShapeOf($"{name}.weight") is { Count: 4 } shape ? shape[0] : null;
        return net.Conv2d(name, input, channels, Windows.Of(kernel, stride, padding, dilation), groups, net.Has($"{name}.bias"));
    }

    // By a word, the size is kept; where the two sides would differ, it is left to others.
    private static Extent? PaddingOf(TorchObject module, Extent kernel, Extent dilation) => module.Attribute("padding") switch
    {
        "valid" => default(Extent),
        "same" when dilation.Height * (kernel.Height - 1) % 2 == 0 && dilation.Width * (kernel.Width - 1) % 2 == 0 =>
            new(dilation.Height * (kernel.Height - 1) / 2, dilation.Width * (kernel.Width - 1) / 2),
        string => null,
        _ => module.Size("padding"),
    };

    private static Window? WindowOf(TorchObject module)
    {
        Extent? kernel = module.Size("kernel_size", least: 1);
        Extent? stride = module.Attribute("stride") is null ? kernel : module.Size("stride", least: 1);
        Extent? dilation = module.Attribute("dilation") is null ? Extent.One : module.Size("dilation", least: 1);
        return kernel is { } size && stride is { } step && dilation is { } spread && module.Size("padding") is { } padding
            ? Windows.Of(size, step, padding, spread)
            : null;
    }

    private static Value? Norm(TorchNetwork net, string name, TorchObject module, Value input) =>
        module.Attribute("affine") is true && module.Attribute("track_running_stats") is true && module.Number("eps") is > 0 and { } epsilon
            ? net.BatchNorm2d(name, input, epsilon)
            : null;
}
