using System.Globalization;
using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Showing.Atlas;

/// <summary>Paths of an atlas's pictures from its folder, with <c>/</c>. They are made of the contents alone.</summary>
internal static class AtlasPaths
{
    public static string Picture(AtlasLayer layer, AtlasFilter filter, AtlasPicture picture) =>
        $"{layer.Folder}/pictures/{filter.Key}~{picture.Key}.webp";

    public static string Thumbnail(AtlasLayer layer, AtlasFilter filter) => $"{layer.Folder}/thumbs/{filter.Key}.webp";

    public static string Patch(AtlasLayer layer, AtlasFilter filter, AtlasPatch patch) =>
        string.Create(CultureInfo.InvariantCulture, $"{layer.Folder}/patches/{filter.Key}~{patch.Rank}.webp");
}
