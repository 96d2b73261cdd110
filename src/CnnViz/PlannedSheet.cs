using CnnViz.Showing.Sheets;

namespace CnnViz;

/// <summary>A sheet and the file that it is to become.</summary>
/// <param name="Path">Full path of its first page.</param>
/// <param name="Sheet">The pictures; null where nothing is to be written.</param>
internal sealed record PlannedSheet(string? Path, FilterSheet? Sheet)
{
    /// <summary>One that is not to be written.</summary>
    public static PlannedSheet None { get; } = new(null, null);

    /// <summary>Full path of a page: from the second one on, with its number.</summary>
    public string PathOf(SheetPage page) => page.Number is null or 1
        ? Path!
        : System.IO.Path.ChangeExtension(Path!, null) + $"_{page.Number}" + System.IO.Path.GetExtension(Path);
}
