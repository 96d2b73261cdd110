using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>A white picture of cells, on which tiles are put in the middles of their cells, each made smaller by its own share.</summary>
/// <param name="rows">Rows of cells.</param>
/// <param name="columns">Columns of cells.</param>
/// <param name="channels">Channels of the tiles.</param>
/// <param name="size">Height and width of a cell in pixels.</param>
internal sealed class GridCanvas(int rows, int columns, int channels, PictureSize size)
{
    /// <summary>The picture: channels × height × width, 0…1, on the CPU; belongs to the dispose scope in which the canvas was made.</summary>
    public torch.Tensor Picture { get; } = torch.ones([channels, rows * size.Height, columns * size.Width]);

    /// <summary>Puts a tile into its cell.</summary>
    /// <param name="cell">The cell's number, row by row.</param>
    /// <param name="tile">channels × height × width of a cell, 0…1, on the CPU; stays the caller's.</param>
    /// <param name="share">What the tile is to have of the cell's height and width, above 0, up to 1.</param>
    public void Paste(int cell, torch.Tensor tile, double share)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        (int height, int width) = (Part(size.Height, share), Part(size.Width, share));
        (int top, int left) = (cell / columns * size.Height + (size.Height - height) / 2, cell % columns * size.Width + (size.Width - width) / 2);
        torch.Tensor small = torch.nn.functional.adaptive_avg_pool2d(tile.unsqueeze(0), [height, width]);
        Picture.narrow(1, top, height).narrow(2, left, width).copy_(small[0]);
    }

    private static int Part(int side, double share) => Math.Clamp((int)Math.Round(side * share), 1, side);
}
