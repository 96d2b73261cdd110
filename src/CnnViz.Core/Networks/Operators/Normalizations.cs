using CnnViz.Kernels;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Networks.Operators;

/// <summary>Batch normalization with the statistics of training: (x − mean) / √(variance + ε) · weight + bias, per channel.</summary>
internal sealed class BatchNorm : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;
    private readonly torch.Tensor _mean;
    private readonly torch.Tensor _variance;
    private readonly double _epsilon;

    /// <exception cref="ArgumentException">They are not of one length.</exception>
    public BatchNorm(torch.Tensor weight, torch.Tensor bias, torch.Tensor mean, torch.Tensor variance, double epsilon)
    {
        RequireVectors(weight, bias, mean, variance);
        _weight = Own(weight);
        _bias = Own(bias);
        _mean = Own(mean);
        _variance = Own(variance);
        _epsilon = epsilon;
    }

    /// <summary>Whether it has seen images: without training, its mean is 0 and its variance 1.</summary>
    public bool RemembersTraining
    {
        get
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return _mean.ToFloats().Any(value => value != 0) || _variance.ToFloats().Any(value => value != 1);
        }
    }

    public override string Kind => "BatchNorm2d";

    public override bool IsAffine => true;

    protected override bool IsPerChannel => true;

    public override (torch.Tensor Gain, torch.Tensor Offset)? ChannelAffine
    {
        get
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor gain = _weight / _variance.Add(_epsilon).sqrt();
            torch.Tensor offset = _bias - _mean * gain;
            return (gain.DetachFromDisposeScope(), offset.DetachFromDisposeScope());
        }
    }

    /// <summary>Weight and bias; the running statistics are measured, not trained.</summary>
    public override long ParameterCount => _weight.numel() + _bias.numel();

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        batch_norm(inputs[0], _mean, _variance, _weight, _bias, training: false, eps: _epsilon);

    /// <summary>(x − mean) / √(variance + ε): mean 0 and variance 1 in each channel, over images like those of training.</summary>
    public torch.Tensor Standardize(torch.Tensor input) => batch_norm(input, _mean, _variance, training: false, eps: _epsilon);

    protected override long[]? SketchShape(torch.Tensor[] inputs) =>
        inputs[0].dim() > 1 && inputs[0].shape[1] == _mean.numel() ? inputs[0].shape : null;
}

/// <summary>Normalization of each channel of each image by its own mean and variance.</summary>
internal sealed class InstanceNorm : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;
    private readonly double _epsilon;

    /// <exception cref="ArgumentException">They are not of one length.</exception>
    public InstanceNorm(torch.Tensor weight, torch.Tensor bias, double epsilon)
    {
        RequireVectors(weight, bias);
        _weight = Own(weight);
        _bias = Own(bias);
        _epsilon = epsilon;
    }

    public override string Kind => "InstanceNorm2d";

    protected override Kernel? CreateKernel(MapShape[] inputs) => inputs[0].Channels == _weight.numel()
        ? Kernel.GroupNorm(_weight.ToFloats(), _bias.ToFloats(), inputs[0].Channels, _epsilon, inputs[0])
        : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs) =>
        instance_norm(inputs[0], weight: _weight, bias: _bias, use_input_stats: true, eps: _epsilon);

    protected override long[]? SketchShape(torch.Tensor[] inputs) =>
        inputs[0].dim() > 2 && inputs[0].shape[1] == _weight.numel() ? inputs[0].shape : null;

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}

/// <summary>Normalization of groups of channels of each image, with a weight and a bias for each channel or for each group.</summary>
internal sealed class GroupNorm : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor _bias;
    private readonly long _groups;
    private readonly double _epsilon;

    /// <exception cref="ArgumentException">They are not of one length.</exception>
    public GroupNorm(torch.Tensor weight, torch.Tensor bias, long groups, double epsilon)
    {
        RequireVectors(weight, bias);
        _weight = Own(weight);
        _bias = Own(bias);
        _groups = groups;
        _epsilon = epsilon;
    }

    public override string Kind => "GroupNorm";

    protected override Kernel? CreateKernel(MapShape[] inputs)
    {
        if (_groups < 1 || inputs[0].Channels % _groups != 0 || inputs[0].Channels % _weight.numel() != 0)
        {
            return null;
        }

        using torch.Tensor weight = PerChannel(_weight, inputs[0].Channels).alias();
        using torch.Tensor bias = PerChannel(_bias, inputs[0].Channels).alias();
        return Kernel.GroupNorm(weight.ToFloats(), bias.ToFloats(), (int)_groups, _epsilon, inputs[0]);
    }

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        long channels = inputs[0].shape[1];
        return group_norm(inputs[0], _groups, PerChannel(_weight, channels), PerChannel(_bias, channels), _epsilon);
    }

    private static torch.Tensor PerChannel(torch.Tensor values, long channels) =>
        values.numel() == channels ? values : values.repeat_interleave(channels / values.numel());

    public override ReceptiveField Extend(ReceptiveField field, Extent from, Extent to) => ReceptiveField.WholeImage;
}

/// <summary>Normalization over the trailing dimensions from the given axis on.</summary>
internal sealed class LayerNorm : Operator
{
    private readonly torch.Tensor _weight;
    private readonly torch.Tensor? _bias;
    private readonly int _axis;
    private readonly double _epsilon;

    public LayerNorm(torch.Tensor weight, torch.Tensor? bias, int axis, double epsilon)
    {
        _weight = Own(weight);
        _bias = OwnOptional(bias);
        _axis = axis;
        _epsilon = epsilon;
    }

    public override string Kind => "LayerNorm";

    // Where the last dimension is the channels, and no others are with it.
    public override KernelValue? AddTo(KernelPlanBuilder plan, KernelValue[] inputs)
    {
        int rank = inputs[0].Form == MapForm.Flat ? 2 : 4;
        bool isLast = _axis == -1 || _axis == rank - 1;
        bool isChannels = inputs[0].Form == MapForm.ChannelsLast || (inputs[0].Form == MapForm.Flat && inputs[0].IsVector);
        return inputs[0].Map is { } map && isLast && isChannels && CreateKernel(map.Shape) is { } kernel
            ? inputs[0] with { Map = plan.Add(kernel, map) }
            : null;
    }

    /// <summary>The kernel for the channels of maps.</summary>
    public Kernel? CreateKernel(MapShape input) => _weight.numel() == input.Channels && (_bias?.numel() ?? input.Channels) == input.Channels
        ? Kernel.ChannelNorm(_weight.ToFloats(), _bias?.ToFloats() ?? new float[input.Channels], _epsilon, input)
        : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        long[] shape = inputs[0].shape;
        long[] normalized = shape[(_axis < 0 ? _axis + shape.Length : _axis)..];
        torch.Tensor weight = _weight.expand(normalized);
        torch.Tensor? bias = _bias?.expand(normalized);
        return layer_norm(inputs[0], normalized, weight, bias, _epsilon);
    }
}

/// <summary>
/// Local response normalization across neighbouring channels: x / (k + α/n · Σ x²)^β (Krizhevsky et al. 2012).
/// </summary>
internal sealed class LocalResponseNorm(long size, double alpha, double beta, double k) : Operator
{
    public override string Kind => "LocalResponseNorm";

    protected override Kernel? CreateKernel(MapShape[] inputs) =>
        size is > 0 and <= int.MaxValue ? Kernel.LocalResponseNorm((int)size, alpha, beta, k, inputs[0]) : null;

    public override torch.Tensor Forward(torch.Tensor[] inputs)
    {
        torch.Tensor input = inputs[0];

        // The sum over a window of channels is a 1×1 convolution with a band of ones, which is far faster than pooling over
        // channels, forward and back.
        long channels = input.shape[1];
        torch.Tensor index = HeldNumbers.Arange(channels, device: input.device);
        torch.Tensor offset = index.unsqueeze(0) - index.unsqueeze(1);
        torch.Tensor band = (offset.Ge(-((size - 1) / 2)) & offset.Le(size / 2)).to(input.dtype);
        torch.Tensor sums = conv2d(input * input, band.reshape(channels, channels, 1, 1));
        torch.Tensor scale = sums.Mul(alpha / size).Add(k);

        // As everybody has it: two roots take a tenth of the time of a power, and its gradient of that.
        return input * (beta == 0.75 ? (scale * scale.sqrt()).rsqrt() : scale.Pow(-beta));
    }
}
