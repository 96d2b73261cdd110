namespace CnnViz.Ascent;

/// <summary>How the tiles of an activation grid are arranged, and what each was made of.</summary>
/// <param name="Rows">Tiles one below the other.</param>
/// <param name="Columns">Tiles side by side.</param>
/// <param name="TileHeight">Height of a tile in pixels.</param>
/// <param name="TileWidth">Width of a tile in pixels.</param>
/// <param name="CosinePower">The power of the cosine in the tiles' objectives.</param>
public sealed record GridSettings(int Rows, int Columns, int TileHeight, int TileWidth, double CosinePower)
{
    /// <summary>Such as <c>14×14 tiles of 64×64</c>.</summary>
    public override string ToString() => $"{Rows}×{Columns} tiles of {TileHeight}×{TileWidth}";
}
