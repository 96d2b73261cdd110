using CnnViz.Ascent;
using CnnViz.Networks;
using CnnViz.Pictures;

namespace CnnViz.Plans;

/// <summary>
/// Makes the pictures of a layer that belong to one share. Those whose files say that they are the plan's are left out. If a batch fails, its
/// pictures are made one by one, to find out which of them it is.
/// </summary>
/// <param name="folder">Where the pictures are.</param>
/// <param name="layer">The layer's place in the plan.</param>
/// <param name="pieces">What the share has of it.</param>
/// <param name="model">The model of the plan.</param>
/// <param name="isTimeUp">Asked before each batch: whether there is no time for more.</param>
internal sealed class PlanLayerRun(PlanFolder folder, int layer, PlanPiece[] pieces, CnnModel model, Func<bool> isTimeUp)
{
    private readonly FilterPlan _plan = folder.Plan;

    // The pictures of the share, and their numbers among those of the layer.
    private readonly Dictionary<(int Filter, long Seed), long> _numbers = Numbers(pieces).ToDictionary(number => folder.TargetOf(layer, number));

    private string LayerName => _plan.Layers[layer].Name;

    /// <summary>Makes the pictures.</summary>
    /// <param name="progress">Told of every step.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>What came of each.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterPlanResult> Run(IProgress<AscentProgress> progress, CancellationToken cancellation)
    {
        var existing = new ExistingPictures(ReadExisting(cancellation));
        var attempts = new Stack<HashSet<(int, long)>>([[.. _numbers.Keys]]);
        while (attempts.TryPop(out HashSet<(int, long)>? attempt))
        {
            List<(int, long)> open = [.. attempt];
            (Exception? failure, bool isOfAll) = (null, false);
            foreach (FilterImage image in Ascend(
                attempt, existing, open, (caught, all) => (failure, isOfAll) = (caught, all), progress, cancellation))
            {
                using (image)
                {
                    open.Remove((image.Filter!.Value, image.Seed));
                    yield return Keep(image, cancellation);
                }
            }

            if (failure is not null && (open.Count == 1 || isOfAll))
            {
                foreach ((int, long) target in open)
                {
                    yield return Failed(target, failure);
                }
            }
            else if (failure is not null)
            {
                attempts.Push([.. open.Skip(AscentOptions.UsualBatchSize)]);
                open.Take(AscentOptions.UsualBatchSize).Reverse().ToList().ForEach(target => attempts.Push([target]));
            }
        }
    }

    private static IEnumerable<long> Numbers(PlanPiece[] pieces)
    {
        foreach (PlanPiece piece in pieces)
        {
            for (long number = piece.First; number < piece.First + piece.Length; number++)
            {
                yield return number;
            }
        }
    }

    // The pictures, until one fails; of what is open, those that exist are taken off.
    private IEnumerable<FilterImage> Ascend(
        HashSet<(int, long)> wanted,
        ExistingPictures existing,
        List<(int, long)> open,
        Action<Exception, bool> fail,
        IProgress<AscentProgress> progress,
        CancellationToken cancellation)
    {
        IEnumerator<FilterImage>? images = null;
        try
        {
            while (TryNext())
            {
                yield return images!.Current;
            }
        }
        finally
        {
            images?.Dispose();
        }

        bool TryNext()
        {
            try
            {
                return (images ??= Start()).MoveNext();
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                fail(exception, images is null);
                return false;
            }
        }

        IEnumerator<FilterImage> Start()
        {
            CnnLayer ofModel = model.GetLayer(LayerName);
            int[] filters = [.. wanted.Select(target => target.Item1).Distinct().Order()];
            var ascent = new ObjectiveAscent(filters.Select(filter => (CnnObjective)ofModel.GetFilter(filter)), new AscentOptions
            {
                Recipe = _plan.Recipe,
                Seed = _plan.Seed,
                Count = _plan.Count,
                Minimize = _plan.Minimize,
                Existing = existing,
                IsWanted = (filter, seed) => wanted.Contains((filter, seed)),
                GoesOn = () => !isTimeUp(),
            });
            open.Clear();
            open.AddRange(ascent.Targets);
            return ascent.Run(progress, cancellation).GetEnumerator();
        }
    }

    // The picture or, where the ascent came to none, its facts.
    private FilterPlanResult Keep(FilterImage image, CancellationToken cancellation)
    {
        (int Filter, long Seed) target = (image.Filter!.Value, image.Seed);
        string path = folder.PathOf(layer, _numbers[target]);
        FilterImageFacts facts = FilterImageFacts.Of(image);
        try
        {
            if (image.HasSignal)
            {
                ImageFile.Write(image.Tensor, path, _plan.Format, quality: null, facts.ToPictureFacts(), cancellation: cancellation);
            }
            else
            {
                PlanFacts.Write(PlanFolder.FactsPathOf(path), facts, cancellation);
            }
        }
        catch (CnnVizException exception)
        {
            return Failed(target, exception);
        }

        return FilterPlanResult.Of(facts) with
        {
            Seconds = Math.Round(image.Elapsed.TotalSeconds, 3),
            Time = DateTime.UtcNow,
            Path = image.HasSignal ? path : null,
        };
    }

    private FilterPlanResult Failed((int Filter, long Seed) target, Exception failure)
    {
        CnnVizException known = ForeignFailure.Translate(failure);
        return new FilterPlanResult
        {
            Layer = LayerName,
            Filter = target.Filter,
            Seed = target.Seed,
            Time = DateTime.UtcNow,
            Error = $"{known.ErrorId}: {ForeignFailure.FirstLine(known)}",
            Failure = failure,
        };
    }

    private IEnumerable<FilterImageFacts> ReadExisting(CancellationToken cancellation)
    {
        foreach (long number in _numbers.Values)
        {
            cancellation.ThrowIfCancellationRequested();
            string path = folder.PathOf(layer, number);
            Leftovers.Remove(Path.GetDirectoryName(path)!);
            if ((PlanFacts.TryRead(path) ?? PlanFacts.TryRead(PlanFolder.FactsPathOf(path))) is { } facts)
            {
                yield return facts;
            }
        }
    }
}
