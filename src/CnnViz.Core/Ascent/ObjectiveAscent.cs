using System.Diagnostics;
using CnnViz.Networks;

namespace CnnViz.Ascent;

/// <summary>Raises objectives by gradient ascent on the input image, and makes pictures of what that comes to.</summary>
public sealed class ObjectiveAscent
{
    // Beyond, batches were seen to take longer for each picture, not shorter (VGG-16's and ResNet-50's last stages).
    private const long CheapBatchBytes = 256L << 20;

    private readonly CnnObjective[] _objectives;
    private readonly CnnModel _model;
    private readonly AscentOptions _options;
    private readonly GradientAscent _ascent;
    private readonly SecondAttempts _others;
    private readonly bool _comparesBatch;
    private int _batchSize;

    /// <summary>Prepares the ascents.</summary>
    /// <param name="objectives">What is to be raised, each for <see cref="AscentOptions.Count"/> pictures; at least one, all of one model.</param>
    /// <param name="options">What the user asks for.</param>
    /// <exception cref="CnnVizException">The model was disposed, or an option does not fit.</exception>
    /// <exception cref="ImageSizeException">A layer cannot take the size.</exception>
    public ObjectiveAscent(IEnumerable<CnnObjective> objectives, AscentOptions options)
    {
        options.Recipe.Validate();
        RecipeRules.CheckIsNoDream(options.Recipe);
        _objectives = [.. objectives];
        _model = _objectives[0].Model;
        _options = options;
        using IDisposable lease = _model.Lease();
        using IDisposable? limit = LibtorchThreads.Limit(options.ThrottleLimit);
        _ascent = new GradientAscent(_objectives, options);

        // Pictures that are compared with one another climb together.
        _comparesBatch = _objectives.Any(objective => objective.ComparesBatch);
        _batchSize = _comparesBatch ? options.Count : ChooseBatchSize();

        // Phases alone do not make such pictures, and photos are followed from noise.
        bool staysAtStart = options.HasStart || options.Recipe.References.Any;
        StartProbes? probes = _comparesBatch || staysAtStart || options.Recipe.Image.Parameter == ImageParameter.Phase
            ? null
            : new StartProbes(_objectives, _ascent.Response, _ascent.Geometry, options.Minimize, new Lazy<int>(CheapestBatchSize));
        _others = new SecondAttempts(
            _ascent, probes, staysAtStart, options.Minimize, (target, cancellation) => Climb([target], (_, _) => { }, cancellation)[0]);
    }

    /// <summary>How many pictures climb at once.</summary>
    internal int BatchSize => _batchSize;

    /// <summary>Makes the pictures, batch by batch, each as soon as its batch is done.</summary>
    /// <param name="progress">Told of every step; or null.</param>
    /// <param name="cancellation">Stops at the next step.</param>
    /// <returns>The pictures, objective by objective; each is the caller's to dispose.</returns>
    /// <exception cref="CnnVizException">The model was disposed, a picture to compare with cannot be read, or the output does not depend
    /// on the image in a way that has a gradient.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<FilterImage> Run(IProgress<AscentProgress>? progress, CancellationToken cancellation)
    {
        Subject[] subjects = FindSubjects();
        ReadReferences(subjects, cancellation);
        var clock = Stopwatch.StartNew();
        int done = 0;
        foreach (Subject[] batch in subjects.Chunk(_batchSize).TakeWhile(_ => _options.GoesOn?.Invoke() ?? true))
        {
            foreach (FilterImage image in Maximize(batch, Report, cancellation))
            {
                yield return image;
            }

            done += batch.Length;

            void Report(int step, float activation)
            {
                int steps = _options.Recipe.Steps;
                double share = (done + (double)batch.Length * step / steps) / subjects.Length;
                TimeSpan? remaining = step == 0 && done == 0 ? null : clock.Elapsed * ((1 - share) / share);
                string first = batch[0].Objective.ToString()!;
                string last = batch[^1].Objective.ToString()!;
                progress?.Report(new AscentProgress(
                    first == last ? first : $"{first} to {last}", done, subjects.Length, step, steps, activation, share, remaining));
            }
        }
    }

    // Before the threads of a batch ask for them.
    private void ReadReferences(Subject[] subjects, CancellationToken cancellation)
    {
        if (subjects.Length > 0)
        {
            using IDisposable lease = _model.Lease();
            using IDisposable? limit = LibtorchThreads.Limit(_options.ThrottleLimit);
            _ascent.ReadReferences(cancellation);
        }
    }

    /// <summary>The pictures of filters that are to be made, in their order: what exists, or is not wanted, is not among them.</summary>
    internal IEnumerable<(int Filter, long Seed)> Targets =>
        FindSubjects().Where(subject => subject.Objective.Filter is not null).Select(subject => (subject.Objective.Filter!.Index, subject.Seed));

    private Subject[] FindSubjects() =>
    [
        .. _objectives.SelectMany(objective => Enumerable.Range(0, _options.Count).Select(i => new Subject(objective, _options.Seed + i)))
            .Where(subject => IsWanted(subject) && !Exists(subject)),
    ];

    private bool IsWanted(Subject subject) =>
        _options.IsWanted is not { } wanted || (subject.Objective.Filter is { } filter && wanted(filter.Index, subject.Seed));

    private bool Exists(Subject subject) =>
        _options is { Existing: { } existing, HasStart: false } && !_comparesBatch && existing.Has(subject.Objective, _ascent.Recipe, subject.Seed, _options.Minimize);

    private int ChooseBatchSize()
    {
        if (_options.BatchSize == 1 || _objectives.Length * _options.Count == 1)
        {
            return 1;
        }

        int wanted = _options.BatchSize ?? (_ascent.IsByKernels ? CheapestBatchSize() : 1);
        return (int)Math.Clamp((_options.MemoryLimit ?? AscentMemory.Free) / _ascent.PictureBytes, 1, wanted);
    }

    // The same number for each thread.
    private int CheapestBatchSize()
    {
        long threads = LibtorchThreads.Count;
        return (int)Math.Clamp(CheapBatchBytes / _ascent.PictureBytes / threads * threads, 1, AscentOptions.UsualBatchSize);
    }

    private FilterImage[] Maximize(Subject[] subjects, Action<int, float> report, CancellationToken cancellation)
    {
        using IDisposable lease = _model.Lease();
        using IDisposable? limit = LibtorchThreads.Limit(_options.ThrottleLimit);
        var clock = Stopwatch.StartNew();
        AscentResult[] results = Climb([.. subjects.Select(subject => subject.Target(attempt: 0))], report, cancellation);
        for (int i = 0; i < subjects.Length; i++)
        {
            results[i] = _others.Improve(subjects[i].Target, results[i], cancellation);
        }

        TimeSpan share = clock.Elapsed / subjects.Length;
        return [.. subjects.Zip(results, (subject, result) => _ascent.ToImage(result, subject.Objective, subject.Seed, share))];
    }

    // What comes of it is determined by seeds, so that a second time makes the pictures that the first would have made. Where there is no memory for as many, this and all later batches go in parts of half the size.
    private AscentResult[] Climb(AscentTarget[] targets, Action<int, float> report, CancellationToken cancellation)
    {
        List<AscentResult> results = [];
        try
        {
            while (results.Count < targets.Length)
            {
                AscentTarget[] part = [.. targets.Skip(results.Count).Take(_batchSize)];
                try
                {
                    results.AddRange(FreedScalar.Repeat(() => ClimbOnce(part, report, cancellation)));
                }
                catch (Exception exception) when (_batchSize > 1 && !_comparesBatch && ForeignFailure.IsOutOfMemory(exception))
                {
                    _batchSize = (_batchSize + 1) / 2;
                }
            }

            return [.. results];
        }
        catch
        {
            results.ForEach(result => result.Dispose());
            throw;
        }
    }

    private AscentResult[] ClimbOnce(AscentTarget[] targets, Action<int, float> report, CancellationToken cancellation)
    {
        if (!_comparesBatch && _ascent.IsByKernels && !targets.Any(target => target.Objective.IsBoundToThread))
        {
            return ConcurrentAscents.Climb(_ascent, targets, report, cancellation);
        }

        // Every batch has the full size, so that no picture depends on how many others there were.
        AscentTarget[] full = [.. targets, .. Enumerable.Repeat(targets[0], _batchSize - targets.Length)];
        AscentResult[] results = _ascent.Climb(full, report, cancellation);
        Array.ForEach(results[targets.Length..], result => result.Dispose());
        return results[..targets.Length];
    }

    private readonly record struct Subject(CnnObjective Objective, long Seed)
    {
        public AscentTarget Target(int attempt) => AscentTarget.Of(Objective, Seed, attempt);
    }
}
