namespace CnnViz.Showing.Terminal;

/// <summary>Where pictures are to be shown.</summary>
/// <param name="Columns">Cells of a line.</param>
/// <param name="Rows">Lines of the window.</param>
/// <param name="CellWidth">Width of a cell in the picture's pixels.</param>
/// <param name="CellHeight">Height of a cell in the picture's pixels.</param>
internal sealed record TerminalWindow(int Columns, int Rows, int CellWidth, int CellHeight)
{
    // What terminals without an answer have: that of the VT340, which Windows Terminal keeps to.
    private const int UsualCellWidth = 10;
    private const int UsualCellHeight = 20;

    /// <summary>A window for half blocks: two pixels a cell.</summary>
    public static TerminalWindow ForBlocks(int columns, int rows) => new(columns, rows, 1, 2);

    /// <summary>A window for Sixel graphics.</summary>
    public static TerminalWindow ForSixel(int columns, int rows, TerminalAnswer answer) =>
        new(columns, rows, answer.CellWidth ?? UsualCellWidth, answer.CellHeight ?? UsualCellHeight);
}
