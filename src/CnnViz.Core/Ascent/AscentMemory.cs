using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>What an ascent needs of memory, and what there is.</summary>
internal static class AscentMemory
{
    // A layer's values are kept for the way back, and have their gradients beside them, both with what lies around maps; some operations keep more.
    private const double Overhead = 3;

    // Coefficients, raw values, colours, views and their gradients, in images.
    private const long ImageCopies = 60;

    // What may be taken of what is free, if nobody says.
    private const double Share = 0.75;

    /// <summary>Bytes that are free for ascents.</summary>
    public static long Free
    {
        get
        {
            GCMemoryInfo memory = GC.GetGCMemoryInfo();
            return (long)(Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes) * Share);
        }
    }

    /// <summary>About how many bytes one picture of a batch takes while it climbs.</summary>
    /// <param name="values">Values that kernels hold for its views.</param>
    /// <param name="channels">Its channels.</param>
    /// <param name="geometry">Its size.</param>
    public static long OfKernels(long values, int channels, AscentGeometry geometry) =>
        sizeof(float) * (values + ImageCopies * channels * geometry.FullHeight * geometry.FullWidth);

    /// <summary>The same where libtorch does a part.</summary>
    /// <param name="layers">The layers that its objective looks at.</param>
    /// <param name="geometry">Its size.</param>
    /// <param name="views">Views of it.</param>
    public static long OfLibtorch(IReadOnlyList<CnnLayer> layers, AscentGeometry geometry, int views)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        CnnModel model = layers[0].Model;
        Extent size = geometry.View ?? new Extent(geometry.FullHeight, geometry.FullWidth);
        torch.Tensor image = torch.zeros([1, model.InputShape.Channels, size.Height, size.Width], device: model.TorchDevice);
        long values = 0;
        model.Graph.SubGraph([.. layers.Select(layer => layer.Node)]).Run(image, (_, value) => values += value.numel());
        return OfKernels((long)(values * Overhead * views), model.InputShape.Channels, geometry);
    }
}
