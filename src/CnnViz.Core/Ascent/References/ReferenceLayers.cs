using CnnViz.Networks;

namespace CnnViz.Ascent;

/// <summary>
/// The layers at which a picture is compared with photos: the ends of the last five stages on the way. A stage is what lies between two changes of
/// the map's size; its end is the last value that all ways lead through. Where no map is on the way, it is the layer that is looked into alone.
/// </summary>
internal static class ReferenceLayers
{
    private const int Stages = 5;

    /// <param name="target">The layer that is looked into; the last of them, where it has a map.</param>
    public static IReadOnlyList<CnnLayer> Of(CnnLayer target)
    {
        HashSet<int> bottlenecks = [.. target.Model.Graph.Bottlenecks(target.Node)];
        var ends = new List<CnnLayer>();
        foreach (CnnLayer layer in target.Model.Layers.Where(layer => bottlenecks.Contains(layer.Node) && HasMap(layer)))
        {
            if (ends.Count > 0 && SizeOf(ends[^1]) == SizeOf(layer))
            {
                ends.RemoveAt(ends.Count - 1);
            }

            ends.Add(layer);
        }

        return ends.Count > 0 ? [.. ends.TakeLast(Stages)] : [target];
    }

    private static bool HasMap(CnnLayer layer) => layer.OutputShape.Height * layer.OutputShape.Width > 1;

    private static (int Height, int Width) SizeOf(CnnLayer layer) => (layer.OutputShape.Height, layer.OutputShape.Width);
}
