using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Kernels;

/// <summary>
/// The one expensive operation: y[row] = Σ x[row + tap] · W[tap] over the places of a window, where a row is what lies at an address. A
/// convolution is that for its outputs' pixels, and its gradient is that for its inputs'. Nothing is copied together first, and weights are
/// in the order in which they are read (after Goto and van de Geijn, "Anatomy of High-Performance Matrix Multiplication", 2008).
/// </summary>
internal sealed unsafe class GatherProduct
{
    // Rows whose inputs stay in the cache while all panels pass: a multiple of the rows of either instruction set.
    private const int Block = 192;

    // So few for each thread that it would read weights for most of the time.
    private const int FewRows = 96;

    // Values from one row of a tile to the next.
    private const int TileStride = Avx512Product.Vectors * Lanes.Count;

    private readonly PackedWeights _weights;
    private readonly nint[] _taps;

    /// <param name="weights">The weights.</param>
    /// <param name="taps">What is added to an address at each place of the window, in values.</param>
    public GatherProduct(PackedWeights weights, nint[] taps)
    {
        _weights = weights;
        _taps = [.. taps.Select(tap => tap * sizeof(float))];
    }

    /// <summary>Computes some rows.</summary>
    /// <param name="rows">Number of rows of all images.</param>
    /// <param name="images">Number of images.</param>
    /// <param name="share">The part that is to be computed: some of the rows or, where images cannot be divided and have few, some of the
    /// outputs.</param>
    /// <param name="source">The address of a row's inputs, of all groups.</param>
    /// <param name="target">The address of its outputs.</param>
    /// <param name="bias">What is added, one value for each output of all groups, in whole vectors; null for nothing.</param>
    /// <param name="range">What outputs are cut off to.</param>
    /// <param name="write">How outputs are written that are gradients.</param>
    [SkipLocalsInit]
    public void Run(
        int rows, int images, Share share, RowAddress source, RowAddress target, float* bias, ValueRange? range, GradientWrite write)
    {
        bool dividesOutputs = images % share.Parts != 0 && rows < share.Parts * FewRows && _weights.Panels.Length >= share.Parts;
        (int first, int last) = dividesOutputs ? (0, rows) : share.Of(rows);
        (int firstPanel, int lastPanel) = dividesOutputs ? share.Of(_weights.Panels.Length) : (0, _weights.Panels.Length);
        float** sources = stackalloc float*[Block];
        float** targets = stackalloc float*[Block];
        float** places = stackalloc float*[Avx512Product.Rows];
        float* tile = stackalloc float[Avx512Product.Rows * TileStride];
        (float low, float high) = range is { } ends ? (ends.Low, ends.High) : (float.NegativeInfinity, float.PositiveInfinity);
        nint* taps = stackalloc nint[_taps.Length];
        for (int block = first; block < last; block += Block)
        {
            int count = Math.Min(Block, last - block);
            for (int i = 0; i < count; i++)
            {
                sources[i] = source(block + i);
                targets[i] = target(block + i);
            }

            for (int i = count; i % RegisterTile.Rows != 0; i++)
            {
                sources[i] = sources[count - 1];
            }

            foreach (PackedWeights.Panel panel in _weights.Panels.AsSpan(firstPanel, lastPanel - firstPanel))
            {
                float* weights = _weights.Values + panel.Offset;
                for (int tap = 0; tap < _taps.Length; tap++)
                {
                    taps[tap] = _taps[tap] + panel.Source * sizeof(float);
                }

                var aim = new ProductTarget { Rows = places, Bias = bias is null ? null : bias + panel.First, Low = low, High = high, Distance = write.Distance };
                if (write.Range is { } between)
                {
                    (aim.Above, aim.Below) = (between.Low, between.High);
                }

                for (int row = 0; row < count; row += RegisterTile.Rows)
                {
                    int full = Math.Min(RegisterTile.Rows, count - row);
                    bool isWhole = full == RegisterTile.Rows && panel.Outputs == panel.Width;
                    for (int i = 0; i < RegisterTile.Rows; i++)
                    {
                        places[i] = isWhole ? targets[row + i] + panel.First : tile + i * TileStride;
                    }

                    aim.Accumulate = write.Accumulate && isWhole;
                    aim.Passes = write.Range is not null && isWhole;
                    RegisterTile.Multiply(panel.Vectors, sources + row, taps, _taps.Length, _weights.Depth, weights, &aim);
                    if (!isWhole)
                    {
                        CopyPart(tile, targets + row, full, panel.First, panel.Outputs, write);
                    }
                }
            }
        }
    }

    // Of a product that fewer rows or outputs are wanted of than registers hold.
    private static void CopyPart(float* tile, float** targets, int rows, int first, int lanes, GradientWrite write)
    {
        for (int row = 0; row < rows; row++, tile += TileStride)
        {
            for (int lane = 0; lane < lanes; lane += Lanes.Count)
            {
                write.Store(Vector512.Load(tile + lane), targets[row] + first + lane, lanes - lane);
            }
        }
    }
}

/// <summary>The address of what belongs to a row.</summary>
internal unsafe delegate float* RowAddress(int row);
