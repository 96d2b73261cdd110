using CnnViz.Networks;

namespace CnnViz.Plans;

/// <summary>
/// Makes the pictures of one share of a plan that are not there yet, layer by layer. What fails is written down, and does not keep the others from
/// being made.
/// </summary>
/// <param name="folder">Where the pictures are.</param>
/// <param name="shard">Which share.</param>
/// <param name="model">The model of the plan.</param>
/// <param name="isTimeUp">Asked before each batch: whether there is no time for more.</param>
internal sealed class PlanRun(PlanFolder folder, Shard shard, CnnModel model, Func<bool> isTimeUp)
{
    /// <summary>Makes the pictures, and writes each down as soon as its batch is done.</summary>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step; every file is whole then.</param>
    /// <returns>What came of each.</returns>
    /// <exception cref="CnnVizException">The model is another one, or the folder cannot be written to.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterPlanResult> Run(IProgress<PlanProgress>? progress, CancellationToken cancellation)
    {
        folder.Plan.Check(model);
        folder.Begin();
        using var ledger = new PlanLedger(folder.Ledgers, shard);
        IReadOnlyList<PlanPiece> share = PlanShares.Of(folder.Plan, shard);
        var pace = new PlanPace(folder.Plan, share, shard, progress);
        foreach (IGrouping<int, PlanPiece> pieces in share.GroupBy(piece => piece.Layer))
        {
            if (isTimeUp())
            {
                yield break;
            }

            pace.Begin(pieces.Key);
            foreach (FilterPlanResult result in new PlanLayerRun(folder, pieces.Key, [.. pieces], model, isTimeUp).Run(pace, cancellation))
            {
                ledger.Add(result);
                yield return result;
            }
        }
    }
}
