namespace CnnViz.Showing.Sheets;

/// <summary>A line of a label.</summary>
/// <param name="Left">What begins at the left.</param>
/// <param name="Right">What ends at the right.</param>
internal readonly record struct SheetLabelLine(string Left, string Right)
{
    public bool IsEmpty => Left.Length == 0 && Right.Length == 0;
}
