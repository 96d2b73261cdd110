using CnnViz.Kernels;
using TorchSharp;

namespace CnnViz.Networks.Operators;

/// <summary>In which order of dimensions a graph sees maps that kernels hold.</summary>
internal enum MapForm
{
    /// <summary>N×C×H×W.</summary>
    ChannelsFirst,

    /// <summary>N×H×W×C.</summary>
    ChannelsLast,

    /// <summary>N×(C·H·W).</summary>
    Flat,
}

/// <summary>A value of a graph that kernels can work with: maps, or a constant.</summary>
/// <param name="Map">The maps; null for a constant.</param>
/// <param name="Form">How the graph sees them.</param>
/// <param name="Constant">The constant, for a batch of one image; null for maps.</param>
/// <param name="DependsOnBatch">Whether the constant is another one for another number of images.</param>
internal readonly record struct KernelValue(
    MapValue? Map, MapForm Form = MapForm.ChannelsFirst, torch.Tensor? Constant = null, bool DependsOnBatch = false)
{
    /// <summary>The size of the maps.</summary>
    public MapShape Shape => Map!.Shape;

    /// <summary>Whether it is maps of N×C×H×W.</summary>
    public bool IsMaps => Map is not null && Form == MapForm.ChannelsFirst;

    /// <summary>Whether the graph sees one value of each channel: N×C×1×1 maps, flat or not.</summary>
    public bool IsVector => Map is not null && Shape.Pixels == 1 && Form != MapForm.ChannelsLast;

    /// <summary>A tensor of the shape that the graph sees, without memory; the caller's to dispose.</summary>
    /// <param name="images">Number of images.</param>
    public torch.Tensor Blank(int images = 1)
    {
        using torch.Tensor zero = torch.zeros([]);
        return zero.expand(Form switch
        {
            MapForm.Flat => [images, Shape.Size],
            MapForm.ChannelsLast => [images, Shape.Height, Shape.Width, Shape.Channels],
            _ => [images, Shape.Channels, Shape.Height, Shape.Width],
        });
    }

    /// <summary>Maps as the graph sees them.</summary>
    /// <param name="maps">N×C×H×W.</param>
    public torch.Tensor View(torch.Tensor maps) => Form switch
    {
        MapForm.Flat => maps.reshape(maps.shape[0], -1),
        MapForm.ChannelsLast => maps.permute(0, 2, 3, 1),
        _ => maps,
    };
}

/// <summary>Has kernels do what an operation does.</summary>
/// <param name="plan">What they are added to.</param>
/// <param name="inputs">The inputs.</param>
/// <returns>The output; null where there are none, and nothing was added.</returns>
internal delegate KernelValue? KernelMaker(KernelPlanBuilder plan, KernelValue[] inputs);
