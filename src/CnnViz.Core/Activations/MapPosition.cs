namespace CnnViz.Activations;

/// <summary>A position in a layer's map.</summary>
/// <param name="Row">Its row, from 0.</param>
/// <param name="Column">Its column, from 0.</param>
public readonly record struct MapPosition(int Row, int Column) : IComparable<MapPosition>, IComparable
{
    /// <summary>Orders positions by row, then column.</summary>
    public int CompareTo(MapPosition other) => (Row, Column).CompareTo((other.Row, other.Column));

    int IComparable.CompareTo(object? obj) => obj is MapPosition other ? CompareTo(other) : 1;

    /// <summary>Such as <c>3, 12</c>: row, then column.</summary>
    public override string ToString() => $"{Row}, {Column}";
}
