using CnnViz.Ascent;

namespace CnnViz.Plans;

/// <summary>
/// What has come of a plan so far: the names of the files tell what is done, the ledgers tell the rest. A file is opened only where the run that made
/// it was killed before it could write into its ledger.
/// </summary>
internal sealed class PlanReport
{
    private readonly PlanFolder _folder;
    private readonly PictureState[][] _states;
    private readonly Dictionary<string, int> _layers;

    /// <summary>Looks which files there are.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellation">Stops between two layers.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public PlanReport(PlanFolder folder, CancellationToken cancellation = default)
    {
        _folder = folder;
        _layers = folder.Plan.Layers.Select((layer, index) => (layer.Name, index)).ToDictionary(pair => pair.Name, pair => pair.index, StringComparer.Ordinal);
        _states =
        [
            .. Enumerable.Range(0, folder.Plan.Layers.Count).Select(layer =>
            {
                cancellation.ThrowIfCancellationRequested();
                return folder.StatesOf(layer);
            }),
        ];
    }

    /// <summary>The figures of the whole.</summary>
    /// <exception cref="CnnVizException">A ledger cannot be read.</exception>
    public FilterPlanState State()
    {
        FilterPlan plan = _folder.Plan;
        var failed = new HashSet<(int, long)>();
        (double seconds, double cost) = (0, 0);
        foreach (FilterPlanResult result in PlanLedger.ReadAll(_folder.Ledgers))
        {
            if (Find(result) is not (int layer, long number))
            {
                continue;
            }

            if (result.Error is not null && _states[layer][number] == PictureState.Missing)
            {
                failed.Add((layer, number));
            }

            seconds += result.Seconds ?? 0;
            cost += result.Seconds is null ? 0 : plan.Layers[layer].Cost;
        }

        long done = _states.Sum(states => states.LongCount(state => state != PictureState.Missing));
        double costLeft = _states.Select((states, layer) => plan.Layers[layer].Cost * states.LongCount(state => state == PictureState.Missing)).Sum();
        return new FilterPlanState
        {
            Path = _folder.Path,
            Model = plan.Model.Name,
            Pictures = plan.Pictures,
            Done = done,
            NoSignal = _states.Sum(states => states.LongCount(state => state == PictureState.NoSignal)),
            Failed = failed.Count,
            Missing = plan.Pictures - done - failed.Count,
            Fraction = Math.Clamp(1 - costLeft / plan.Cost, 0, 1),
            HoursLeft = costLeft == 0 ? 0 : cost > 0 ? Math.Round(costLeft * seconds / cost / 3600, 6) : null,
        };
    }

    /// <summary>What came of each picture that was tried, in the order of the plan, layer by layer; each once.</summary>
    /// <param name="cancellation">Stops between two pictures.</param>
    /// <exception cref="CnnVizException">A ledger cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterPlanResult> Results(CancellationToken cancellation = default)
    {
        var last = new Dictionary<(int Layer, long Number), FilterPlanResult>();
        foreach (FilterPlanResult result in PlanLedger.ReadAll(_folder.Ledgers))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Find(result) is (int layer, long number) && IsTrue(result, _states[layer][number]))
            {
                last[(layer, number)] = result;
            }
        }

        for (int layer = 0; layer < _states.Length; layer++)
        {
            for (long number = 0; number < _states[layer].Length; number++)
            {
                cancellation.ThrowIfCancellationRequested();
                if ((last.GetValueOrDefault((layer, number)) ?? OfFile(layer, number)) is { } result)
                {
                    yield return result with { Path = _states[layer][number] == PictureState.Done ? _folder.PathOf(layer, number) : null };
                }
            }
        }
    }

    // A later run may have done what failed; files may have been taken away since.
    private static bool IsTrue(FilterPlanResult result, PictureState state) => state switch
    {
        PictureState.Done => result.HasSignal,
        PictureState.NoSignal => result.Status is not null && !result.HasSignal,
        _ => result.Error is not null,
    };

    private FilterPlanResult? OfFile(int layer, long number)
    {
        string path = _folder.PathOf(layer, number);
        FilterImageFacts? facts = _states[layer][number] switch
        {
            PictureState.Done => PlanFacts.TryRead(path),
            PictureState.NoSignal => PlanFacts.TryRead(PlanFolder.FactsPathOf(path)),
            _ => null,
        };
        return facts?.Filter is null ? null : FilterPlanResult.Of(facts);
    }

    // The layer's place in the plan, and the picture's among those of the layer; null for what the plan does not have.
    private (int Layer, long Number)? Find(FilterPlanResult result)
    {
        FilterPlan plan = _folder.Plan;
        if (!_layers.TryGetValue(result.Layer, out int layer) || result.Seed < plan.Seed || result.Seed - plan.Seed >= plan.Count)
        {
            return null;
        }

        int place = Place(plan.Layers[layer].Filters, result.Filter);
        return place < 0 ? null : (layer, (long)place * plan.Count + (result.Seed - plan.Seed));
    }

    private static int Place(IReadOnlyList<int> filters, int filter)
    {
        (int low, int high) = (0, filters.Count - 1);
        while (low <= high)
        {
            int middle = (low + high) / 2;
            if (filters[middle] == filter)
            {
                return middle;
            }

            (low, high) = filters[middle] < filter ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }
}
