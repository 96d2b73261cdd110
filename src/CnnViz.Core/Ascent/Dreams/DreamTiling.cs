using CnnViz.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Ascent;

/// <summary>How pictures are cut into tiles for some layers, so that memory does not grow with the picture and no seam shows.</summary>
internal sealed class DreamTiling
{
    /// <summary>Random numbers that a cut takes.</summary>
    public const int Draws = 4;

    // For the outputs of the layers; gradients and the convolutions' own work take about as much again.
    private const double OutputBytes = 192 << 20;

    private const int LargestByDefault = 1024;

    // 32 pixels for 224: Google's.
    private const int JitterShare = 7;

    private readonly bool _wraps;

    private DreamTiling(TileAxis rows, TileAxis columns, bool wraps) => (Rows, Columns, _wraps) = (rows, columns, wraps);

    public TileAxis Rows { get; }

    public TileAxis Columns { get; }

    /// <summary>Finds out how.</summary>
    /// <param name="layers">The layers that are looked at.</param>
    /// <param name="settings">What the user asks for.</param>
    /// <param name="smallest">The smallest picture.</param>
    /// <param name="edge">What lies beyond the edges of pictures: themselves reflected or, with <see cref="EdgeMode.Wrap"/>, from their other side.</param>
    /// <exception cref="ImageSizeException">The layers do not take the tiles that the user asks for.</exception>
    public static DreamTiling For(IReadOnlyList<CnnLayer> layers, DreamSettings settings, Extent smallest, EdgeMode edge = EdgeMode.Reflect)
    {
        CnnLayer deepest = layers.MaxBy(layer => layer.Node)!;
        LayerShape own = deepest.Model.InputShape;
        ReceptiveField field = deepest.ReceptiveField;
        int jitter = settings.Jitter ?? Math.Min(own.Height, own.Width) / JitterShare;

        // A dense layer often takes the network's own size only.
        bool isFixed = !AscentGeometry.Accepts(layers, own.Height * 3 / 2, own.Width * 3 / 2);
        (int height, int width) = settings.TileSize is { } side ? (side, side)
            : isFixed ? (own.Height, own.Width)
            : (DefaultSide(layers), DefaultSide(layers));
        ThrowIfRefused(layers, settings.TileSize);

        // What is too small for the network is mirrored until it has the network's own size.
        bool isMirrored = isFixed || !AscentGeometry.Accepts(layers, (int)smallest.Height, (int)smallest.Width);
        (int leastHeight, int leastWidth) = isMirrored ? (Math.Min(height, own.Height), Math.Min(width, own.Width)) : (1, 1);
        return new DreamTiling(
            TileAxis.For(height, field.Height, field.StrideHeight, jitter, leastHeight),
            TileAxis.For(width, field.Width, field.StrideWidth, jitter, leastWidth),
            edge == EdgeMode.Wrap);
    }

    /// <summary>Whether a picture is one tile.</summary>
    public bool IsOneTile(Extent size) => Rows.IsOneTile((int)size.Height) && Columns.IsOneTile((int)size.Width);

    /// <summary>Cuts a picture.</summary>
    /// <param name="size">Its size.</param>
    /// <param name="draws"><see cref="Draws"/> random numbers, 0…1.</param>
    /// <returns>Tiles that are for each pixel once.</returns>
    public IEnumerable<DreamTile> Cut(Extent size, float[] draws)
    {
        IReadOnlyList<TileSpan> columns = Columns.Cut((int)size.Width, draws[2], draws[3]);
        return Rows.Cut((int)size.Height, draws[0], draws[1])
            .SelectMany(rows => columns.Select(column => new DreamTile(rows, column, _wraps)));
    }

    private static void ThrowIfRefused(IReadOnlyList<CnnLayer> layers, int? wanted)
    {
        if (wanted is { } side && !AscentGeometry.Accepts(layers, side, side))
        {
            LayerShape own = layers[0].Model.InputShape;
            throw new ImageSizeException(
                "TileSizeRefused",
                $"Layer '{layers.MaxBy(layer => layer.Node)}' cannot take tiles of {side}×{side}. The network was made for "
                + $"{own.Height}×{own.Width}.",
                "Choose another TileSize, or leave it out.");
        }
    }

    private static int DefaultSide(IReadOnlyList<CnnLayer> layers)
    {
        CnnModel model = layers[0].Model;
        SubGraph graph = model.Graph.SubGraph([.. layers.Select(layer => layer.Node)]);
        double bytes = model.Layers.Where(layer => graph.Contains(layer.Node))
            .Sum(layer => (double)layer.OutputShape.Channels * layer.OutputShape.Height * layer.OutputShape.Width * sizeof(float));
        double side = Math.Sqrt(OutputBytes / bytes * model.InputShape.Height * model.InputShape.Width);
        return Math.Max((int)Math.Min(side, LargestByDefault), Math.Max(model.InputShape.Height, model.InputShape.Width));
    }
}
