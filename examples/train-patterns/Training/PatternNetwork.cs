using CnnViz.Networks.Operators;
using CnnViz.Patterns.Drawing;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using BatchNorm2d = TorchSharp.Modules.BatchNorm2d;
using Conv2d = TorchSharp.Modules.Conv2d;
using Linear = TorchSharp.Modules.Linear;

namespace CnnViz.Patterns.Training;

/// <summary>
/// The network: convolutions with batch norm and ReLU, the average over the map, and from that two dense heads, one for the
/// pattern and one for the hue. Nothing in it depends on the size of the picture.
/// </summary>
internal sealed class PatternNetwork : nn.Module<Tensor, (Tensor Pattern, Tensor Hue)>
{
    private readonly List<(ConvolutionBlock Block, Conv2d Conv, BatchNorm2d Norm)> _blocks = [];
    private readonly Linear _classifier;
    private readonly Linear _colour;

    /// <summary>An untrained network; its weights follow from the seed of torch.</summary>
    public PatternNetwork()
        : base("patterns")
    {
        foreach (ConvolutionBlock block in ConvolutionBlock.All)
        {
            // Batch norm has a bias of its own.
            Conv2d conv = nn.Conv2d(block.Inputs, block.Filters, block.Kernel, block.Stride, block.Padding, bias: false);
            BatchNorm2d norm = nn.BatchNorm2d(block.Filters);
            register_module($"conv{block.Number}", conv);
            register_module($"bn{block.Number}", norm);
            _blocks.Add((block, conv, norm));
        }

        PrepareFirstKernels(_blocks[0].Conv);
        int features = ConvolutionBlock.All[^1].Filters;
        _classifier = nn.Linear(features, PatternCatalog.All.Count);
        _colour = nn.Linear(features, Drawing.Hue.All.Count);
        register_module("classifier", _classifier);
        register_module("colour", _colour);
    }

    /// <summary>Number of trained values.</summary>
    public long ParameterCount => parameters().Sum(parameter => parameter.numel());

    /// <summary>Scores of the patterns and of the hues, before the softmax.</summary>
    /// <param name="input">N×3×H×W, 0…1, RGB.</param>
    /// <returns>N×patterns and N×hues.</returns>
    public override (Tensor Pattern, Tensor Hue) forward(Tensor input)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor x = input;
        foreach ((ConvolutionBlock block, Conv2d conv, BatchNorm2d norm) in _blocks)
        {
            x = nn.functional.relu(norm.call(Convolve(block, conv.weight!, x)));
            x = block.Pools ? nn.functional.avg_pool2d(x, 2) : x;
        }

        Tensor features = x.mean([2, 3]);
        return (_classifier.call(features).MoveToOuterDisposeScope(), _colour.call(features).MoveToOuterDisposeScope());
    }

    // As the model that is imported does it: channels in whole blocks.
    private static Tensor Convolve(ConvolutionBlock block, Tensor weight, Tensor x)
    {
        ChannelBlocks? blocks = ChannelBlocks.For(weight, groups: 1);
        Tensor output = nn.functional.conv2d(
            blocks?.FillInput(x) ?? x,
            blocks?.FillWeight(weight) ?? weight,
            strides: [block.Stride, block.Stride],
            padding: [block.Padding, block.Padding]);
        return blocks?.CutOutput(output) ?? output;
    }

    // All first kernels start smooth, as what is left of a rough start stays in them. The first half start without colour, and
    // these and the next quarter blind to even light: hues are learnt easily, and would otherwise drown form at the beginning.
    private static void PrepareFirstKernels(Conv2d conv)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable noGradients = no_grad();
        Tensor kernels = conv.weight!;
        (long filters, long side) = (kernels.shape[0], kernels.shape[2]);
        Tensor deviation = kernels.std();
        Tensor binomial = tensor(new float[] { 1, 2, 1 }) / 4;
        Tensor blur = (binomial.unsqueeze(0) * binomial.unsqueeze(1)).reshape(1, 1, 3, 3);
        Tensor smooth = nn.functional.conv2d(kernels.reshape(-1, 1, side, side), blur, padding: [1, 1]);
        smooth = nn.functional.conv2d(smooth, blur, padding: [1, 1]).reshape(kernels.shape);
        Tensor grey = smooth.narrow(0, 0, filters / 2);
        grey.copy_(grey.mean([1], keepdim: true).expand_as(grey).clone());
        Tensor blind = smooth.narrow(0, 0, filters * 3 / 4);
        blind.sub_(blind.mean([2, 3], keepdim: true));
        kernels.copy_(smooth / smooth.std([1, 2, 3], keepdim: true) * deviation);
    }

    /// <summary>The weights that decay: all but biases and those of batch norm, which only set a scale.</summary>
    public (IEnumerable<Parameter> Decaying, IEnumerable<Parameter> Free) SplitParameters()
    {
        ILookup<bool, Parameter> groups = parameters().ToLookup(parameter => parameter.dim() > 1);
        return (groups[true], groups[false]);
    }
}
