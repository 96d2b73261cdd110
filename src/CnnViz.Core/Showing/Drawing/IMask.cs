namespace CnnViz.Showing.Drawing;

/// <summary>How much of each pixel something covers.</summary>
internal interface IMask
{
    /// <summary>The first row.</summary>
    int Top { get; }

    /// <summary>The first column.</summary>
    int Left { get; }

    /// <summary>Number of rows.</summary>
    int Height { get; }

    /// <summary>Number of columns.</summary>
    int Width { get; }

    /// <summary>The coverage of a row's pixels, 0…1.</summary>
    /// <param name="row">The row, from the mask's first.</param>
    /// <param name="coverage">Takes the values.</param>
    void CopyRow(int row, Span<float> coverage);
}
