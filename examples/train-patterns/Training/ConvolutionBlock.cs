namespace CnnViz.Patterns.Training;

/// <summary>A convolution with batch norm and ReLU, and what follows it.</summary>
/// <param name="Number">Number in the names of its layers: conv1, bn1, relu1, and pool1 if there is one.</param>
/// <param name="Inputs">Channels in.</param>
/// <param name="Filters">Channels out.</param>
/// <param name="Kernel">Side of the kernel.</param>
/// <param name="Stride">Stride of the convolution.</param>
/// <param name="Pools">Whether the average of each 2×2 places follows.</param>
internal sealed record ConvolutionBlock(int Number, int Inputs, int Filters, int Kernel, int Stride, bool Pools)
{
    /// <summary>The blocks of the network, from the picture to the average over it.</summary>
    public static IReadOnlyList<ConvolutionBlock> All { get; } =
    [
        new(1, 3, 24, 7, 2, false),
        new(2, 24, 32, 3, 1, false),
        new(3, 32, 32, 3, 1, true),
        new(4, 32, 64, 3, 1, false),
        new(5, 64, 64, 3, 1, true),
        new(6, 64, 96, 3, 1, false),
        new(7, 96, 128, 3, 1, false),
        new(8, 128, 128, 3, 1, false),
    ];

    /// <summary>Pixels added at each side, so that only the stride and the pooling make the map smaller.</summary>
    public int Padding => Kernel / 2;
}
