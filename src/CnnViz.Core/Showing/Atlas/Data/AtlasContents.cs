namespace CnnViz.Showing.Atlas.Data;

/// <summary>All that an atlas knows.</summary>
internal sealed class AtlasContents(AtlasModel model)
{
    private readonly List<AtlasLayer> _layers = [];

    public AtlasModel Model { get; set; } = model;

    /// <summary>The title that was given; null for the model's name.</summary>
    public string? Title { get; set; }

    /// <summary>The layers in the model's order; those whose place is not known come behind, as they came.</summary>
    public IEnumerable<AtlasLayer> Layers =>
        _layers.OrderBy(layer => layer.Name is null).ThenBy(layer => layer.Index ?? int.MaxValue);

    public AtlasLayer? Find(string? name) => _layers.Find(layer => layer.Name == name);

    public void Add(AtlasLayer layer) => _layers.Add(layer);
}
