using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>Constants that say one number, or one for each channel.</summary>
internal static class ChannelConstant
{
    /// <summary>The numbers for each channel of maps.</summary>
    /// <param name="value">What is broadcast to the maps.</param>
    /// <param name="shape">The size of the maps.</param>
    /// <param name="form">How the graph sees them.</param>
    /// <returns>C numbers; null where they differ within a channel, or where they are no real numbers.</returns>
    public static float[]? Of(torch.Tensor value, MapShape shape, MapForm form = MapForm.ChannelsFirst)
    {
        long count = value.numel();
        if (!value.is_floating_point() || (count != 1 && count != shape.Channels))
        {
            return null;
        }

        // Of more dimensions it would give the maps more.
        if (value.dim() > (form == MapForm.Flat ? 2 : 4))
        {
            return null;
        }

        if (count == 1)
        {
            return [.. Enumerable.Repeat(value.ToFloats()[0], shape.Channels)];
        }

        // Where the channels' dimension is, from the end.
        int behind = form == MapForm.ChannelsFirst ? 2 : 0;
        long[] sizes = value.shape;
        bool isAlongChannels = sizes.Length > behind && sizes[^(behind + 1)] == shape.Channels && (form != MapForm.Flat || shape.Pixels == 1);
        return isAlongChannels ? value.ToFloats() : null;
    }
}
