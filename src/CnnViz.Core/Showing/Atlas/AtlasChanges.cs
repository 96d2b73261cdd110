using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas;

/// <summary>What has changed in an atlas since its pages were written.</summary>
internal sealed class AtlasChanges
{
    /// <summary>Whether every page is to be written anew.</summary>
    public bool All { get; set; }

    /// <summary>Filters whose own facts have changed, and that have no page yet of these.</summary>
    public Dictionary<AtlasLayer, HashSet<AtlasFilter>> Fresh { get; } = [];

    /// <summary>Layers with changes since the atlas was opened; the pages of their other filters name neighbours that are old.</summary>
    public HashSet<AtlasLayer> Layers { get; } = [];

    public void Add(AtlasLayer layer, AtlasFilter filter)
    {
        Layers.Add(layer);
        if (!Fresh.TryGetValue(layer, out HashSet<AtlasFilter>? filters))
        {
            Fresh.Add(layer, filters = []);
        }

        filters.Add(filter);
    }
}
