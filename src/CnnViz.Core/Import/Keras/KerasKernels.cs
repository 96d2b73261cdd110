using CnnViz.Import.Networks;
using TorchSharp;

namespace CnnViz.Import.Keras;

/// <summary>Weights from Keras's order of dimensions to ours, once and for all.</summary>
internal static class KerasKernels
{
    /// <summary>h×w×in×out to out×in×h×w.</summary>
    /// <param name="kernel">The kernel as stored.</param>
    /// <param name="dialect">Keras 1 stored that of N×C×H×W images as we do; Theano's are turned around.</param>
    public static Weight ToConvolution(this Weight kernel, KerasDialect dialect)
    {
        Weight ordered = dialect is { Version: 1, ChannelsFirst: true } ? kernel : kernel.Permute(3, 2, 0, 1);
        return dialect.FlipsKernels ? ordered.Map(values => values.flip(2, 3)) : ordered;
    }

    /// <summary>h×w×in×multiplier to (in·multiplier)×1×h×w.</summary>
    public static Weight ToDepthwise(this Weight kernel) =>
        kernel.Permute(2, 3, 0, 1).Reshape(kernel.Shape[2] * kernel.Shape[3], 1, kernel.Shape[0], kernel.Shape[1]);

    /// <summary>in×units to units×in.</summary>
    /// <param name="kernel">The kernel as stored.</param>
    /// <param name="mapChannels">
    /// Where the inputs are a flattened map of so many channels, its rows are ordered anew: pixel by pixel to channel by channel.
    /// </param>
    public static Weight ToDense(this Weight kernel, long? mapChannels) => kernel.ToOurRows(mapChannels).Permute(1, 0);

    /// <summary>The first dimension in our order, where it stands for a flattened map.</summary>
    public static Weight ToOurRows(this Weight weight, long? mapChannels)
    {
        if (mapChannels is not { } channels)
        {
            return weight;
        }

        long rows = weight.Shape[0];
        return channels > 0 && rows % channels == 0
            ? weight.Map(values => values.reshape([rows / channels, channels, .. values.shape[1..]]).transpose(0, 1).reshape(values.shape))
            : throw new FormatException($"its weights are for {rows} inputs, which are no map of {channels} channels");
    }

    /// <summary>Another order of the dimensions.</summary>
    public static Weight Permute(this Weight weight, params int[] order) => new(
        [.. order.Select(dimension => weight.Shape[dimension])],
        () => weight.Read().permute([.. order.Select(dimension => (long)dimension)]).contiguous());

    /// <summary>Other values of the same shape.</summary>
    public static Weight Map(this Weight weight, Func<torch.Tensor, torch.Tensor> change) =>
        weight with { Read = () => change(weight.Read()) };
}
