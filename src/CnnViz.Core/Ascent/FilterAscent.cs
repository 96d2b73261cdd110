using System.Diagnostics;
using System.Text;
using CnnViz.Models;
using CnnViz.Models.Operators;

namespace CnnViz.Ascent;

/// <summary>Climbs the activation of filters of one layer by gradient ascent on the input image.</summary>
public sealed class FilterAscent
{
    // Starts beside the first that a filter gets if its gradient is zero or nothing raises it.
    private const int Restarts = 2;

    private readonly CnnLayer _layer;
    private readonly AscentOptions _options;
    private readonly GradientAscent _ascent;

    /// <summary>Prepares the ascents of a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">What the user asks for.</param>
    /// <exception cref="CnnVizException">The model was disposed, or an option does not fit.</exception>
    /// <exception cref="ImageSizeException">The layer cannot take the size.</exception>
    public FilterAscent(CnnLayer layer, AscentOptions options)
    {
        using IDisposable lease = layer.Model.Lease();
        _layer = layer;
        _options = options;
        CnnLayer? source = PreActivation(layer);
        _ascent = new GradientAscent(source is null ? [layer] : [layer, source], options);
    }

    /// <summary>Makes the pictures, batch by batch, each as soon as its batch is done.</summary>
    /// <param name="filters">Numbers of the filters.</param>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>One picture a filter, in order; each is the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The layer has no such filter, the model was disposed, or the output does not depend on
    /// the image in a way that has a gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterImage> Run(
        IReadOnlyList<int> filters, IProgress<AscentProgress>? progress, CancellationToken cancellation)
    {
        CnnFilter[] targets = [.. filters.Select(_layer.GetFilter)];
        var clock = Stopwatch.StartNew();
        int done = 0;
        foreach (CnnFilter[] batch in targets.Chunk(_options.BatchSize))
        {
            foreach (FilterImage image in Maximize(batch, Report, cancellation))
            {
                yield return image;
            }

            done += batch.Length;

            void Report(int step, float activation)
            {
                int steps = _options.Recipe.Steps;
                double share = (done + (double)batch.Length * step / steps) / targets.Length;
                TimeSpan? remaining = step == 0 && done == 0 ? null : clock.Elapsed * ((1 - share) / share);
                progress?.Report(new AscentProgress(
                    _layer.Name, batch[0].Index, batch[^1].Index, done, targets.Length, step, steps, activation, share, remaining));
            }
        }
    }

    private FilterImage[] Maximize(CnnFilter[] filters, Action<int, float> report, CancellationToken cancellation)
    {
        using IDisposable lease = _layer.Model.Lease();
        var clock = Stopwatch.StartNew();
        AscentResult[] results = Climb([.. filters.Select(filter => Target(filter, attempt: 0))], report, cancellation);
        for (int i = 0; i < filters.Length; i++)
        {
            results[i] = Rescue(filters[i], results[i], cancellation);
        }

        TimeSpan share = clock.Elapsed / filters.Length;
        return [.. filters.Zip(results, (filter, result) => ToImage(filter, result, share))];
    }

    // Another start, or another target, for a filter that nothing moved; what came first stays if they do not help.
    private AscentResult Rescue(CnnFilter filter, AscentResult result, CancellationToken cancellation)
    {
        var attempts = new List<(AscentTarget, AscentRescue)>();
        for (int attempt = 1; attempt <= Restarts; attempt++)
        {
            attempts.Add((Target(filter, attempt), AscentRescue.Restarted));
        }

        if (PreActivation(_layer) is { } source)
        {
            var objective = new PreActivationObjective(filter, source.GetFilter(filter.Index));
            attempts.Add((new AscentTarget(objective, SeedOf(filter, 0)), AscentRescue.PreActivation));
        }

        foreach ((AscentTarget target, AscentRescue rescue) in attempts)
        {
            if (result.Status is not (AscentStatus.Dead or AscentStatus.NotRaised))
            {
                break;
            }

            AscentResult next = Climb([target], (_, _) => { }, cancellation)[0];
            (result, AscentResult other) = next.HasSignal ? (next with { Rescue = next.Rescue | rescue }, result) : (result, next);
            other.Dispose();
        }

        return result;
    }

    // Every batch has the full size, so that no picture depends on how many others there were.
    private AscentResult[] Climb(AscentTarget[] targets, Action<int, float> report, CancellationToken cancellation)
    {
        AscentTarget[] full = [.. targets, .. Enumerable.Repeat(targets[0], _options.BatchSize - targets.Length)];
        AscentResult[] results = _ascent.Climb(full, report, cancellation);
        Array.ForEach(results[targets.Length..], result => result.Dispose());
        return results[..targets.Length];
    }

    private AscentTarget Target(CnnFilter filter, int attempt) => new(new FilterObjective(filter), SeedOf(filter, attempt));

    // The layer whose values a rectifying layer cuts off.
    private static CnnLayer? PreActivation(CnnLayer layer)
    {
        GraphNode node = layer.Model.Graph.Nodes[layer.Node];
        return node.Operator is Rectifier ? layer.Model.Layers.FirstOrDefault(other => other.Node == node.Inputs[0]) : null;
    }

    // FNV-1a over seed, layer and filter: the same picture whatever else is in the batch.
    private ulong SeedOf(CnnFilter filter, int attempt)
    {
        string name = $"{_options.Seed}/{filter.Layer.Name}/{filter.Index}";
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(attempt == 0 ? name : $"{name}/{attempt}"))
        {
            hash = (hash ^ value) * 1099511628211;
        }

        return hash;
    }

    private FilterImage ToImage(CnnFilter filter, AscentResult result, TimeSpan elapsed) => new(result.Picture)
    {
        Model = filter.Model.Name,
        ModelSha256 = filter.Model.Sha256,
        Layer = filter.Layer.Name,
        Filter = filter.Index,
        ClassName = filter.ClassName,
        Activation = result.Activation,
        Activations = result.Activations,
        Status = result.Status,
        Rescue = result.Rescue,
        Seed = _options.Seed,
        Recipe = _ascent.Recipe,
        Minimized = _options.Minimize,
        Preprocessing = filter.Model.Preprocessing.ToString(),
        Border = _ascent.Geometry.Border,
        InitialImage = _options.InitialImage,
        Elapsed = elapsed,
    };
}
