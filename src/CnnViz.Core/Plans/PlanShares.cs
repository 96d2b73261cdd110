using CnnViz.Ascent;

namespace CnnViz.Plans;

/// <summary>
/// Divides a plan's pictures into shares that cost about the same. A share follows from the plan and two numbers alone; each picture is in exactly
/// one of them.
/// </summary>
internal static class PlanShares
{
    // Parts of a share. The network is prepared for each piece, which takes about as long as three steps; and some pieces are small, to fill gaps.
    private const double LargestPiece = 1.0 / 16;
    private const double SmallestPiece = 1.0 / 64;
    private const double Taper = 1.0 / 2;

    // Pieces are whole batches, as pictures of smaller ones take longer; where a batch is more of a share than this, a half, a quarter or an eighth of it.
    private const double LargestBatch = 1.0 / 8;

    /// <summary>One share.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="shard">Which of how many.</param>
    /// <returns>Its pieces, in the order of the plan.</returns>
    public static IReadOnlyList<PlanPiece> Of(FilterPlan plan, Shard shard) => [.. All(plan, shard.Count)[shard.Index]];

    /// <summary>All shares: the dearest piece that is left goes, again and again, to the share that costs least so far (LPT; Graham 1969).</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="count">How many shares.</param>
    public static IReadOnlyList<PlanPiece>[] All(FilterPlan plan, int count)
    {
        double ideal = plan.Cost / count;
        PlanPiece[] pieces =
        [
            .. plan.Layers.SelectMany((layer, index) => Cut(layer.Cost, (long)layer.Filters.Count * plan.Count, index, ideal))
                .OrderByDescending(piece => piece.Length * plan.Layers[piece.Layer].Cost).ThenBy(piece => piece.Layer).ThenBy(piece => piece.First),
        ];
        var shares = new List<PlanPiece>[count];
        var least = new PriorityQueue<int, (double Cost, int Share)>();
        for (int share = 0; share < count; share++)
        {
            shares[share] = [];
            least.Enqueue(share, (0, share));
        }

        foreach (PlanPiece piece in pieces)
        {
            least.TryDequeue(out int share, out (double Cost, int Share) sum);
            shares[share].Add(piece);
            least.Enqueue(share, (sum.Cost + piece.Length * plan.Layers[piece.Layer].Cost, share));
        }

        return [.. shares.Select(Joined)];
    }

    private static IEnumerable<PlanPiece> Cut(double cost, long pictures, int layer, double ideal)
    {
        int batch = AscentOptions.UsualBatchSize;
        while (batch > 1 && batch * cost > ideal * LargestBatch)
        {
            batch /= 2;
        }

        for (long first = 0; first < pictures;)
        {
            long left = pictures - first;
            double most = Math.Min(ideal * LargestPiece / cost, Math.Max(left * Taper, ideal * SmallestPiece / cost));
            long length = Math.Clamp((long)(most / batch) * batch, Math.Min(batch, left), left);
            yield return new PlanPiece(layer, first, length);
            first += length;
        }
    }

    // In the order of the plan; what lies next to each other is one.
    private static IReadOnlyList<PlanPiece> Joined(List<PlanPiece> pieces)
    {
        var joined = new List<PlanPiece>();
        foreach (PlanPiece piece in pieces.OrderBy(piece => piece.Layer).ThenBy(piece => piece.First))
        {
            if (joined.Count > 0 && joined[^1] is var last && last.Layer == piece.Layer && last.First + last.Length == piece.First)
            {
                joined[^1] = last with { Length = last.Length + piece.Length };
            }
            else
            {
                joined.Add(piece);
            }
        }

        return joined;
    }
}

/// <summary>Pictures of a layer that follow one another: filter by filter, and of each filter seed by seed.</summary>
/// <param name="Layer">The layer's place in the plan.</param>
/// <param name="First">Number of the first picture among those of the layer.</param>
/// <param name="Length">How many.</param>
internal readonly record struct PlanPiece(int Layer, long First, long Length);
