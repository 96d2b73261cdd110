using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas.Comparison;

/// <summary>A model among those that are compared: what its own atlas knows.</summary>
/// <param name="Folder">The atlas's folder, from that of the comparison.</param>
/// <param name="Contents">What the atlas knows.</param>
/// <param name="Label">The model's name, and what tells it from another model of this name.</param>
internal sealed record ComparedModel(string Folder, AtlasContents Contents, string Label)
{
    /// <summary>Models with what tells them apart.</summary>
    /// <param name="atlases">Folders, from that of the comparison, and what their atlases know.</param>
    public static IReadOnlyList<ComparedModel> Of(IEnumerable<(string Folder, AtlasContents Contents)> atlases)
    {
        (string Folder, AtlasContents Contents)[] all = [.. atlases];
        return [.. all.Select(atlas => new ComparedModel(atlas.Folder, atlas.Contents, LabelOf(atlas.Contents.Model)))];

        string LabelOf(AtlasModel model) =>
            all.Count(other => other.Contents.Model.Name == model.Name) == 1 ? model.Name : $"{model.Name} ({model.Sha256[..Math.Min(8, model.Sha256.Length)]})";
    }
}
