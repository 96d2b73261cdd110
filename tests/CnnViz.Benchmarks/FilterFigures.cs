using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Quality;
using TorchSharp;
using static TorchSharp.torch.nn.functional;

namespace CnnViz.Benchmarks;

/// <summary>What a saved picture does to its filter, fed at the size at which its own recipe feeds the network.</summary>
/// <param name="Clean">Mean of the filter's map.</param>
/// <param name="Smaller">The same for the picture at 0.92 of its size.</param>
/// <param name="Larger">The same at 1.08.</param>
/// <param name="Jpeg">The same after JPEG compression of quality 75.</param>
/// <param name="Rank">1 if no filter of the layer answers more.</param>
internal sealed record FilterFigures(float Clean, float Smaller, float Larger, float Jpeg, int Rank)
{
    /// <summary>Mean over the sizes 0.92, 1 and 1.08 and JPEG compression.</summary>
    public float Robust => (Clean + Smaller + Larger + Jpeg) / 4;

    /// <summary>Takes the figures.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="feed">The factor by which its recipe enlarges it for the network.</param>
    public static FilterFigures Of(CnnFilter filter, torch.Tensor picture, double feed)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        SubGraph graph = filter.Model.Graph.SubGraph(filter.Layer.Node);
        float[] clean = Means(picture);
        float own = clean[filter.Index];
        return new FilterFigures(
            own,
            Means(Disturbances.Scale(picture, Disturbances.Smaller))[filter.Index],
            Means(Disturbances.Scale(picture, Disturbances.Larger))[filter.Index],
            Means(Disturbances.Jpeg(picture))[filter.Index],
            1 + clean.Count(mean => mean > own));

        float[] Means(torch.Tensor shown)
        {
            long[] size = [(long)Math.Round(shown.shape[1] * feed), (long)Math.Round(shown.shape[2] * feed)];
            torch.Tensor fed = feed == 1
                ? shown
                : interpolate(shown.unsqueeze(0), size, mode: torch.InterpolationMode.Bilinear, align_corners: false)[0];
            return FilterResponse.Of(filter.Layer, graph, fed, default).Means;
        }
    }
}
