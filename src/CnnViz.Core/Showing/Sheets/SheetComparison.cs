namespace CnnViz.Showing.Sheets;

/// <summary>What the pictures of a row of a sheet differ in: each column has one of it.</summary>
public enum SheetComparison
{
    /// <summary>The model.</summary>
    Model,

    /// <summary>The recipe.</summary>
    Recipe,

    /// <summary>The seed.</summary>
    Seed,
}
