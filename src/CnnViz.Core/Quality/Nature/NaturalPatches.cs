using CnnViz.Activations;
using CnnViz.Networks;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>For each filter of a layer, the natural pictures that fire it most, and where in them.</summary>
/// <param name="layer">The layer.</param>
internal sealed class NaturalPatches(CnnLayer layer)
{
    // How many pictures of a filter are kept.
    private const int Most = 8;

    // How many pictures there must be for each that is said to fire the filter.
    private const int Fewest = 4;

    private readonly Ranking _highest = new(1);
    private readonly Ranking _lowest = new(-1);
    private int _count;
    private int _columns;

    /// <summary>Takes a natural picture in.</summary>
    /// <param name="path">Path of its file.</param>
    /// <param name="output">The layer's output: 1×C×H×W, or 1×C.</param>
    public void Add(string path, torch.Tensor output)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        _columns = output.dim() == 4 ? (int)output.shape[3] : 1;
        _count++;
        torch.Tensor maps = output.reshape(layer.Filters, -1);
        _highest.Add(path, maps.max(1));
        _lowest.Add(path, maps.min(1));
    }

    /// <summary>The patches that raise a filter most, or lower it most, the strongest first; of each picture one.</summary>
    public NaturalPatch[] Of(int filter, bool least) => [.. (least ? _lowest : _highest).Best(filter)
        .Take(_count / Fewest)
        .Select(item => new NaturalPatch(item.Path, WindowAt(item.Place / _columns, item.Place % _columns), item.Value))];

    /// <summary>What a position of the layer's map sees.</summary>
    public PictureWindow WindowAt(int row, int column)
    {
        if (!layer.HasMaps || layer.Places.IsWholeImage)
        {
            return PictureWindow.Whole;
        }

        // Half of the field: beyond, a field hardly sees anything (Luo et al. 2016, "Understanding the effective receptive field").
        MapGrid grid = MapGrid.Of(layer);
        return new PictureWindow(
            grid.Top + row * grid.StrideHeight, grid.Left + column * grid.StrideWidth, layer.Places.Height / 2, layer.Places.Width / 2);
    }

    // The pictures with the largest values, or with the smallest, for each filter; the earlier of equals first.
    private sealed class Ranking(int sign)
    {
        private List<(string Path, float Value, int Place)>[] _best = [];

        public IEnumerable<(string Path, float Value, int Place)> Best(int filter) => filter < _best.Length ? _best[filter] : [];

        public void Add(string path, (torch.Tensor Values, torch.Tensor Places) found)
        {
            float[] values = found.Values.ToFloats();
            int[] places = [.. found.Places.to(torch.ScalarType.Int32).cpu().data<int>()];
            if (_best.Length == 0)
            {
                _best = [.. values.Select(_ => new List<(string, float, int)>())];
            }

            for (int filter = 0; filter < _best.Length; filter++)
            {
                float value = values[filter];
                List<(string Path, float Value, int Place)> best = _best[filter];
                if (float.IsNaN(value) || (best.Count == Most && value * sign <= best[^1].Value * sign))
                {
                    continue;
                }

                int at = best.FindIndex(item => value * sign > item.Value * sign);
                best.Insert(at < 0 ? best.Count : at, (path, value, places[filter]));
                if (best.Count > Most)
                {
                    best.RemoveAt(Most);
                }
            }
        }
    }
}
