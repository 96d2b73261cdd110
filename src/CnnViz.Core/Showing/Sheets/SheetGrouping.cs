namespace CnnViz.Showing.Sheets;

/// <summary>Which pictures are together on a sheet.</summary>
public enum SheetGrouping
{
    /// <summary>Those of one layer of one model.</summary>
    Layer,

    /// <summary>All.</summary>
    None,
}
