using System.Diagnostics;
using System.Text;
using CnnViz.Models;

namespace CnnViz.Ascent;

/// <summary>Raises objectives by gradient ascent on the input image, and makes pictures of what that comes to.</summary>
public sealed class ObjectiveAscent
{
    // Starts beside the first that a picture gets if its gradient is zero or nothing raises it.
    private const int Restarts = 2;

    // Up to as many pixels that the network sees at once, a thread for each batch is faster than all threads for one.
    private const long SmallBatch = 192 * 192;

    private readonly CnnObjective[] _objectives;
    private readonly CnnModel _model;
    private readonly AscentOptions _options;
    private readonly GradientAscent _ascent;
    private readonly int _batchSize;
    private readonly bool _isSmall;
    private readonly int _workers;

    /// <summary>Prepares the ascents.</summary>
    /// <param name="objectives">What is to be raised, each for <see cref="AscentOptions.Count"/> pictures; at least one, all of one model.</param>
    /// <param name="options">What the user asks for.</param>
    /// <exception cref="CnnVizException">The model was disposed, or an option does not fit.</exception>
    /// <exception cref="ImageSizeException">A layer cannot take the size.</exception>
    public ObjectiveAscent(IEnumerable<CnnObjective> objectives, AscentOptions options)
    {
        _objectives = [.. objectives];
        _model = _objectives[0].Model;
        _options = options;
        using IDisposable lease = _model.Lease();
        _ascent = new GradientAscent(_objectives, options);

        // Pictures that are compared with one another climb together.
        bool compares = _objectives.Any(objective => objective.ComparesBatch);
        long need = AscentMemory.Estimate(_ascent.Layers, _ascent.Geometry, options.Recipe.Views.Count);
        long room = Math.Max(1, (options.MemoryLimit ?? AscentMemory.Free) / Math.Max(1, need));
        _batchSize = compares ? options.Count : (int)Math.Min(options.BatchSize, room);
        int batches = (_objectives.Length * options.Count + _batchSize - 1) / _batchSize;

        // Whether operations are split among threads must not follow from the number of pictures, as rounding depends on it.
        Extent seen = _ascent.Geometry.View ?? new Extent(_ascent.Geometry.FullHeight, _ascent.Geometry.FullWidth);
        _isSmall = seen.Height * seen.Width * options.Recipe.Views.Count * options.BatchSize <= SmallBatch;
        _workers = !_isSmall || _objectives.Any(objective => objective.IsThreadBound)
            ? 1
            : (int)Math.Max(1, Math.Min(Math.Min(options.ThrottleLimit ?? TorchThreads.Usual, batches), room / _batchSize));
    }

    /// <summary>Makes the pictures, batch by batch, each as soon as its batch is done.</summary>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>The pictures, objective by objective; each is the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The model was disposed, a picture to compare with cannot be read, or the output does not depend
    /// on the image in a way that has a gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterImage> Run(IProgress<AscentProgress>? progress, CancellationToken cancellation)
    {
        Subject[] subjects =
            [.. _objectives.SelectMany(objective => Enumerable.Range(0, _options.Count).Select(i => new Subject(objective, _options.Seed + i)))];
        Subject[][] batches = [.. subjects.Chunk(_batchSize)];
        var course = new AscentCourse([.. batches.Select(batch => batch.Length)], _options.Recipe.Steps, progress);
        IEnumerable<FilterImage[]> results = _workers == 1
            ? batches.Select((_, i) => Make(i, cancellation))
            : OrderedJobs.Run(
                [.. Enumerable.Range(0, batches.Length)], _workers, Make, images => Array.ForEach(images, image => image.Dispose()), cancellation);
        return results.SelectMany(images => images);

        FilterImage[] Make(int index, CancellationToken stop)
        {
            using TorchThreads? alone = _isSmall ? TorchThreads.Alone() : null;
            string first = batches[index][0].Objective.ToString()!;
            string last = batches[index][^1].Objective.ToString()!;
            string target = first == last ? first : $"{first} to {last}";
            FilterImage[] images = Maximize(
                batches[index], (step, activation) => course.Report(index, target, step, activation), stop);
            course.Finish(index);
            return images;
        }
    }

    private FilterImage[] Maximize(Subject[] subjects, Action<int, float> report, CancellationToken cancellation)
    {
        using IDisposable lease = _model.Lease();
        var clock = Stopwatch.StartNew();
        AscentResult[] results = Climb([.. subjects.Select(subject => subject.Target(attempt: 0))], report, cancellation);
        for (int i = 0; i < subjects.Length; i++)
        {
            results[i] = Rescue(subjects[i], results[i], cancellation);
        }

        TimeSpan share = clock.Elapsed / subjects.Length;
        return [.. subjects.Zip(results, (subject, result) => ToImage(subject, result, share))];
    }

    // Another start, or another target, for a picture that nothing moved; what came first stays if they do not help.
    private AscentResult Rescue(Subject subject, AscentResult result, CancellationToken cancellation)
    {
        var attempts = new List<(AscentTarget, AscentRescue)>();
        for (int attempt = 1; attempt <= Restarts; attempt++)
        {
            attempts.Add((subject.Target(attempt), AscentRescue.Restarted));
        }

        if (subject.Objective.BeforeRectifier is { } before)
        {
            attempts.Add((subject.Target(attempt: 0) with { Objective = before }, AscentRescue.PreActivation));
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
        AscentTarget[] full = [.. targets, .. Enumerable.Repeat(targets[0], _batchSize - targets.Length)];
        AscentResult[] results = _ascent.Climb(full, report, cancellation);
        Array.ForEach(results[targets.Length..], result => result.Dispose());
        return results[..targets.Length];
    }

    private FilterImage ToImage(Subject subject, AscentResult result, TimeSpan elapsed) => new(result, subject.Objective)
    {
        Seed = subject.Seed,
        Recipe = _ascent.Recipe,
        Minimized = _options.Minimize,
        Border = _ascent.Geometry.Border,
        InitialImage = _options.InitialImage,
        Spectrum = _options.Recipe.Image.Parameter == ImageParameter.Phase ? _options.Spectrum?.ToString() : null,
        Elapsed = elapsed,
    };

    private readonly record struct Subject(CnnObjective Objective, long Seed)
    {
        public AscentTarget Target(int attempt) => new(Objective, Hash(attempt));

        // FNV-1a over seed and objective: the same picture whatever else is in the batch.
        private ulong Hash(int attempt)
        {
            string name = $"{Seed}/{Objective.ToString()!.Replace(':', '/')}";
            ulong hash = 14695981039346656037;
            foreach (byte value in Encoding.UTF8.GetBytes(attempt == 0 ? name : $"{name}/{attempt}"))
            {
                hash = (hash ^ value) * 1099511628211;
            }

            return hash;
        }
    }
}
