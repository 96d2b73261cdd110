using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>A piece of a picture that runs through the network at once.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Wraps">Whether what lies beyond the edges is the picture's other side, not its mirror image.</param>
internal readonly record struct DreamTile(TileSpan Rows, TileSpan Columns, bool Wraps = false)
{
    /// <summary>Number of pixels that it is for.</summary>
    public long Pixels => (long)Rows.Count * Columns.Count;

    /// <summary>Number of pixels that the network sees.</summary>
    public long SeenPixels => (long)Rows.SeenCount * Columns.SeenCount;

    /// <summary>What the network sees: 1×C×h×w of 1×C×H×W.</summary>
    public torch.Tensor See(torch.Tensor image) => image
        .index_select(2, torch.tensor(Rows.Indices((int)image.shape[2], Wraps), device: image.device))
        .index_select(3, torch.tensor(Columns.Indices((int)image.shape[3], Wraps), device: image.device));

    /// <summary>The pixels that it is for, of what the network sees.</summary>
    public torch.Tensor OwnOf(torch.Tensor seen) => seen
        .narrow(2, Rows.Start - Rows.SeenStart, Rows.Count)
        .narrow(3, Columns.Start - Columns.SeenStart, Columns.Count);

    /// <summary>The pixels that it is for, of the whole picture.</summary>
    public torch.Tensor PlaceIn(torch.Tensor image) => image.narrow(2, Rows.Start, Rows.Count).narrow(3, Columns.Start, Columns.Count);
}
