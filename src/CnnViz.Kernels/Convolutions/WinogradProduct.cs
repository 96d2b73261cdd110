using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// A 3×3 convolution without gaps, tile by tile: the tiles' factors, for each of them a product with weights over all channels, and from those
/// products the outputs.
/// </summary>
/// <param name="weights">The weights' factors: a place of the window is one of them.</param>
/// <param name="transform">How factors are found.</param>
internal sealed unsafe class WinogradProduct(PackedWeights weights, WinogradTransform transform)
{
    // Values of a thread's tiles that stay in its cache while all weights pass.
    private const int CachedValues = 256 * 1024;

    // So few for each thread that it would read weights for most of the time.
    private const int FewTiles = 40;

    /// <summary>Zeros that are needed around the inputs along one axis.</summary>
    /// <param name="step">Height or width of a tile of outputs.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="outputs">Outputs.</param>
    /// <param name="padding">Zeros before the first input that the first output depends on.</param>
    public static int Halo(int step, int inputs, int outputs, int padding) =>
        Math.Max(padding, (outputs + step - 1) / step * step + WinogradTransform.Kernel - 1 - padding - inputs);

    /// <summary>Computes some outputs.</summary>
    /// <param name="input">The inputs, with enough zeros around.</param>
    /// <param name="top">Zeros above the first output's window.</param>
    /// <param name="left">Zeros left of it.</param>
    /// <param name="output">Where the outputs go.</param>
    /// <param name="share">The part that is to be computed: some of the tiles or, where images cannot be divided and have few, some of the
    /// outputs.</param>
    /// <param name="bias">What is added, one value for each output, in whole vectors; null for nothing.</param>
    /// <param name="range">What outputs are cut off to.</param>
    /// <param name="write">How outputs are written that are gradients.</param>
    [SkipLocalsInit]
    public void Run(
        MapView input, int top, int left, MapView output, Share share, float* bias, ValueRange? range, GradientWrite write)
    {
        var grid = new TileGrid(output.Shape, transform.Step);
        int tiles = output.Images * grid.Tiles;
        PackedWeights.Panel[] panels = weights.Panels;
        bool dividesOutputs = output.Images % share.Parts != 0 && tiles < share.Parts * FewTiles && panels.Length >= share.Parts;
        (int first, int last) = dividesOutputs ? (0, tiles) : share.Of(tiles);
        (int firstPanel, int lastPanel) = dividesOutputs ? share.Of(panels.Length) : (0, panels.Length);
        int channels = Lanes.Fill(weights.Depth);
        int width = panels.Max(panel => panel.Width);
        int block = RegisterTile.Fill(Math.Max(1, CachedValues / (transform.Points * (channels + width)) - RegisterTile.Rows));
        float* factors = Scratch.Get((long)transform.Points * block * (channels + width));
        float* products = factors + (long)transform.Points * block * channels;
        float** rows = stackalloc float*[block];
        for (int begin = first; begin < last; begin += block)
        {
            int count = Math.Min(block, last - begin);
            nint pointStride = (nint)count * channels;
            for (int i = 0; i < count; i++)
            {
                (int image, int row, int column) = grid.Place(begin + i);
                float* source = input.At(image, row - top, column - left);
                rows[i] = factors + (nint)i * channels;
                for (int channel = 0; channel < channels; channel += Lanes.Count)
                {
                    transform.TransformInput(source + channel, input.RowStride, input.PixelStride, rows[i] + channel, pointStride);
                }
            }

            int filled = RegisterTile.Fill(count);
            for (int i = count; i < filled; i++)
            {
                rows[i] = rows[count - 1];
            }

            foreach (PackedWeights.Panel panel in panels.AsSpan(firstPanel, lastPanel - firstPanel))
            {
                Multiply(panel, rows, filled, pointStride, products);
                for (int vector = 0; vector < panel.Vectors; vector++)
                {
                    int lane = panel.First + vector * Lanes.Count;
                    Write(
                        grid,
                        begin,
                        count,
                        products + vector * Lanes.Count,
                        panel.Width,
                        (nint)filled * panel.Width,
                        output,
                        lane,
                        bias is null ? Vector512<float>.Zero : Vector512.Load(bias + lane),
                        range,
                        write);
                }
            }
        }
    }

    [SkipLocalsInit]
    private void Multiply(PackedWeights.Panel panel, float** rows, int count, nint pointStride, float* products)
    {
        float** targets = stackalloc float*[RegisterTile.Rows];
        var target = new ProductTarget { Rows = targets, Low = float.NegativeInfinity, High = float.PositiveInfinity };
        float* factors = weights.Values + panel.Offset;
        for (int point = 0; point < transform.Points; point++, factors += weights.Depth * panel.Width)
        {
            nint place = point * pointStride * sizeof(float);
            for (int row = 0; row < count; row += RegisterTile.Rows)
            {
                for (int i = 0; i < RegisterTile.Rows; i++, products += panel.Width)
                {
                    targets[i] = products;
                }

                RegisterTile.Multiply(panel.Vectors, rows + row, &place, 1, weights.Depth, factors, &target);
            }
        }
    }

    // Sixteen outputs of each tile, as far as the tile lies in the image.
    [SkipLocalsInit]
    private void Write(
        TileGrid grid,
        int begin,
        int count,
        float* products,
        int stride,
        nint pointStride,
        MapView output,
        int lane,
        Vector512<float> bias,
        ValueRange? range,
        GradientWrite write)
    {
        int step = transform.Step;
        Vector512<float>* tile = stackalloc Vector512<float>[step * step];
        for (int i = 0; i < count; i++, products += stride)
        {
            (int image, int row, int column) = grid.Place(begin + i);
            transform.TransformOutput(products, pointStride, tile);
            float* line = output.At(image, row, column) + lane;
            int height = Math.Min(step, output.Shape.Height - row);
            int width = Math.Min(step, output.Shape.Width - column);
            for (int y = 0; y < height; y++, line += output.RowStride)
            {
                for (int x = 0; x < width; x++)
                {
                    Vector512<float> value = tile[y * step + x] + bias;
                    write.Store(range?.Clamp(value) ?? value, line + x * output.PixelStride, output.Shape.Channels - lane);
                }
            }
        }
    }

    // Tiles of all images by number, and where they begin.
    private readonly struct TileGrid(MapShape shape, int step)
    {
        private readonly int _across = (shape.Width + step - 1) / step;

        public int Tiles => _across * ((shape.Height + step - 1) / step);

        public (int Image, int Row, int Column) Place(int number)
        {
            (int image, int tile) = Math.DivRem(number, Tiles);
            (int row, int column) = Math.DivRem(tile, _across);
            return (image, row * step, column * step);
        }
    }
}
