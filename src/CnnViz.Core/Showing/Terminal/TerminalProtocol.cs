namespace CnnViz.Showing.Terminal;

/// <summary>How a terminal is given a picture.</summary>
public enum TerminalProtocol
{
    /// <summary>The best that the terminal can do.</summary>
    Auto,

    /// <summary>Sixel graphics: the picture's own pixels, in 256 colours.</summary>
    Sixel,

    /// <summary>Half blocks in 24-bit colours: two pixels a cell.</summary>
    Blocks,

    /// <summary>A line of text that says which picture it is.</summary>
    Text,
}
