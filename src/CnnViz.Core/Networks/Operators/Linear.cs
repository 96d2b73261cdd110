using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>A dense layer: x·Wᵀ + b with W of units×inputs. Its filters are its units.</summary>
internal sealed class Linear : Operator
{
    // Kernels hold weights twice more, in the order of each way.
    private const long MostKernelWeights = 1 << 26;

    private readonly torch.Tensor _weight;
    private readonly torch.Tensor? _bias;
    private readonly Dictionary<MapShape, ConvolutionWeights> _kernelWeights = [];

    public Linear(torch.Tensor weight, torch.Tensor? bias)
    {
        _weight = Own(weight);
        _bias = OwnOptional(bias);
    }

    public override string Kind => "Linear";

    public override bool IsAffine => true;

    public override float[] FilterNorms => _weight.RowNorms();

    public override torch.Tensor Forward(torch.Tensor[] inputs) => torch.nn.functional.linear(inputs[0], _weight, _bias);

    // Of maps that are flat it is a convolution with a window as large as they are, and of channels that come last one with a window of one pixel.
    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs)
    {
        KernelValue value = inputs[0];
        if (value.Map is not { } map || value.Form == MapForm.ChannelsFirst || _weight.numel() > MostKernelWeights)
        {
            return null;
        }

        MapShape window = value.Form == MapForm.Flat ? map.Shape : new MapShape(map.Shape.Channels, 1, 1);
        if (_weight.shape[1] != window.Size)
        {
            return null;
        }

        Kernel kernel = value.Form == MapForm.Flat
            ? Kernel.Dense(WeightsFor(window), map.Shape)
            : Kernel.Convolution(WeightsFor(window), new MapWindow(new WindowAxis(1), new WindowAxis(1)), map.Shape);
        return value with { Map = plan.Add(kernel, map) };
    }

    private ConvolutionWeights WeightsFor(MapShape window)
    {
        if (!_kernelWeights.TryGetValue(window, out ConvolutionWeights? weights))
        {
            _kernelWeights[window] = weights = new ConvolutionWeights(
                _weight.ToFloats, _bias?.ToFloats(), (int)_weight.shape[0], window.Channels, window.Height, window.Width);
        }

        return weights;
    }

    protected override long[]? SketchShape(torch.Tensor[] inputs) =>
        inputs[0].shape[^1] == _weight.shape[1] ? [.. inputs[0].shape[..^1], _weight.shape[0]] : null;

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}
