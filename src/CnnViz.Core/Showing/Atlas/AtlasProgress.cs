namespace CnnViz.Showing.Atlas;

/// <summary>How far the writing of pages is.</summary>
/// <param name="Done">Pages that are written.</param>
/// <param name="Total">Pages to write.</param>
public readonly record struct AtlasProgress(int Done, int Total);
