using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// Channels of a pixel as pixels of a block (Shi et al., "Real-Time Single Image and Video Super-Resolution Using an Efficient Sub-Pixel
/// Convolutional Neural Network", 2016), or the pixels of a block as channels of one.
/// </summary>
internal sealed unsafe class PixelShuffleKernel : Kernel
{
    private readonly int _block;
    private readonly bool _isBack;

    // For each pixel of a block and each of its channels, the channel of the one pixel; and for each of those what it is made of.
    private readonly int[] _channels;
    private readonly int[] _places;

    /// <param name="block">Height and width of a block.</param>
    /// <param name="channels">For each pixel of a block, row by row, and each of its channels, that of the one pixel.</param>
    /// <param name="isBack">Whether blocks become pixels.</param>
    /// <param name="input">The input's size.</param>
    /// <param name="output">The result's size.</param>
    public PixelShuffleKernel(int block, int[] channels, bool isBack, MapShape input, MapShape output)
        : base(input, output)
    {
        (_block, _channels, _isBack) = (block, channels, isBack);
        _places = new int[channels.Length];
        for (int place = 0; place < channels.Length; place++)
        {
            _places[channels[place]] = place;
        }
    }

    internal override void Forward(KernelMaps maps, Share share) => Move(maps.Inputs[0], maps.Output, !_isBack, default, share);

    internal override void Backward(KernelMaps maps, int input, GradientWrite write, Share share) =>
        Move(maps.Gradient, maps.InputGradients[0], _isBack, write, share);

    private void Move(MapView source, MapView target, bool spreads, GradientWrite write, Share share)
    {
        if (spreads)
        {
            Spread(source, target, write, share);
        }
        else
        {
            Collect(source, target, write, share);
        }
    }

    // One pixel's channels to a block's pixels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void Spread(MapView source, MapView target, GradientWrite write, Share share)
    {
        (int first, int last) = share.Of(target.Pixels);
        int channels = target.Shape.Channels;
        float* values = stackalloc float[Lanes.Count];
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = target.Place(pixel);
            float* x = source.At(image, row / _block, column / _block);
            float* y = target.At(image, row, column);
            int own = (row % _block * _block + column % _block) * channels;
            for (int channel = 0; channel < channels; channel += Lanes.Count)
            {
                int lanes = Math.Min(Lanes.Count, channels - channel);
                for (int lane = 0; lane < lanes; lane++)
                {
                    values[lane] = x[_channels[own + channel + lane]];
                }

                write.Store(Vector512.Load(values), y + channel, lanes);
            }
        }
    }

    // A block's pixels to one pixel's channels.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private void Collect(MapView source, MapView target, GradientWrite write, Share share)
    {
        (int first, int last) = share.Of(target.Pixels);
        (int channels, int ofSource) = (target.Shape.Channels, source.Shape.Channels);
        float* values = stackalloc float[Lanes.Count];
        for (int pixel = first; pixel < last; pixel++)
        {
            (int image, int row, int column) = target.Place(pixel);
            float* x = source.At(image, row * _block, column * _block);
            float* y = target.At(image, row, column);
            for (int channel = 0; channel < channels; channel += Lanes.Count)
            {
                int lanes = Math.Min(Lanes.Count, channels - channel);
                for (int lane = 0; lane < lanes; lane++)
                {
                    (int place, int own) = Math.DivRem(_places[channel + lane], ofSource);
                    values[lane] = x[place / _block * source.RowStride + place % _block * source.PixelStride + own];
                }

                write.Store(Vector512.Load(values), y + channel, lanes);
            }
        }
    }
}
