using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CnnViz.Imaging;
using CnnViz.Models;
using CnnViz.Models.Operators;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>Climbs the activation of filters of one layer by gradient ascent on the input image.</summary>
public sealed class FilterAscent
{
    private readonly CnnLayer _layer;
    private readonly AscentOptions _options;
    private readonly Recipe _recipe;
    private readonly AscentGeometry _geometry;
    private readonly SubGraph _graph;

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
        _geometry = AscentGeometry.Find(layer, options);
        _recipe = options.Resolve((long)layer.Model.InputShape.Channels * _geometry.FullHeight * _geometry.FullWidth);
        _graph = layer.Model.Graph.SubGraph(layer.Node);
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
            // Every batch has the full size, so that no picture depends on how many others there were.
            CnnFilter[] full = [.. batch, .. Enumerable.Repeat(batch[0], _options.BatchSize - batch.Length)];
            FilterImage[] images = Climb(full, Report, cancellation);
            Array.ForEach(images[batch.Length..], image => image.Dispose());
            foreach (FilterImage image in images[..batch.Length])
            {
                yield return image;
            }

            done += batch.Length;

            void Report(int step, float activation)
            {
                double share = (done + (double)batch.Length * step / _recipe.Steps) / targets.Length;
                TimeSpan? remaining = step == 0 && done == 0 ? null : clock.Elapsed * ((1 - share) / share);
                progress?.Report(new AscentProgress(
                    _layer.Name, batch[0].Index, batch[^1].Index, done, targets.Length, step, _recipe.Steps, activation, share, remaining));
            }
        }
    }

    private FilterImage[] Climb(CnnFilter[] filters, Action<int, float> report, CancellationToken cancellation)
    {
        using IDisposable lease = _layer.Model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        var clock = Stopwatch.StartNew();
        using IImageParameter parameter = new PixelParameter(
            Start(filters), _geometry.Border, _options.InitialImage is null ? _recipe.Contrast : null);
        IObjective objective = new FilterObjective([.. filters.Select(filter => filter.Index)]);
        IUpdateRule rule = new NormalizedAscent(_recipe.GradientNormalization, _options.Minimize ? -_recipe.StepSize : _recipe.StepSize);
        AscentStatus[] status = [.. filters.Select(_ => AscentStatus.StepLimit)];
        List<float>[] activations = [.. filters.Select(_ => new List<float>(_recipe.Steps))];

        report(0, float.NaN);
        for (int step = 0; step < _recipe.Steps && status.Contains(AscentStatus.StepLimit); step++)
        {
            cancellation.ThrowIfCancellationRequested();
            float[] values = Step(parameter, objective, rule, status, step == 0, cancellation);
            for (int i = 0; i < filters.Length; i++)
            {
                activations[i].Add(values[i]);
            }

            report(step + 1, values.Average());
        }

        cancellation.ThrowIfCancellationRequested();
        return Finish(parameter, objective, filters, status, activations, clock);
    }

    // One step for all images that still climb; returns the activations before it.
    private float[] Step(
        IImageParameter parameter,
        IObjective objective,
        IUpdateRule rule,
        AscentStatus[] status,
        bool isFirst,
        CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor values = objective.Evaluate(Activate(parameter.ToImages(), cancellation));
        cancellation.ThrowIfCancellationRequested();
        torch.Tensor gradient = Gradient(values, parameter.Variables[0]);
        float[] activations = values.ToFloats();
        float[] largest = gradient.abs().flatten(1).amax([1]).ToFloats();
        for (int i = 0; i < status.Length; i++)
        {
            if (status[i] == AscentStatus.StepLimit)
            {
                status[i] = !float.IsFinite(activations[i]) || !float.IsFinite(largest[i]) ? AscentStatus.Diverged
                    : largest[i] > 0 ? AscentStatus.StepLimit
                    : isFirst ? AscentStatus.Dead
                    : AscentStatus.Converged;
            }
        }

        using (torch.no_grad())
        {
            float[] climbs = [.. status.Select(s => s == AscentStatus.StepLimit ? 1f : 0f)];
            torch.Tensor mask = torch.tensor(climbs, device: gradient.device).reshape(-1, 1, 1, 1);
            rule.Step(parameter.Variables[0], gradient.nan_to_num(0, 0, 0) * mask);
        }

        return activations;
    }

    private torch.Tensor Activate(torch.Tensor images, CancellationToken cancellation = default) =>
        _graph.Run(_layer.Model.Preprocessing.Apply(images), cancellation);

    private torch.Tensor Gradient(torch.Tensor values, torch.Tensor variable)
    {
        try
        {
            return torch.autograd.grad([values.sum()], [variable])[0];
        }
        catch (ExternalException exception)
        {
            throw new CnnVizException(
                "NoGradient",
                $"The output of layer '{_layer.Name}' ({_layer.Kind}) has no gradient with respect to the image.",
                "Choose a layer before it.",
                exception);
        }
    }

    private FilterImage[] Finish(
        IImageParameter parameter,
        IObjective objective,
        CnnFilter[] filters,
        AscentStatus[] status,
        List<float>[] activations,
        Stopwatch clock)
    {
        using var noGradients = torch.no_grad();
        torch.Tensor pictures = parameter.ToPictures();
        float[] final = Measure(pictures, objective);
        pictures = pictures.cpu();
        TimeSpan share = clock.Elapsed / filters.Length;
        return [.. filters.Select((filter, i) => new FilterImage(pictures[i].clone())
        {
            Model = filter.Model.Name,
            ModelSha256 = filter.Model.Sha256,
            Layer = filter.Layer.Name,
            Filter = filter.Index,
            ClassName = filter.ClassName,
            Activation = final[i],
            Activations = activations[i],
            Status = status[i] == AscentStatus.StepLimit && !IsRaised(activations[i]) ? AscentStatus.NotRaised : status[i],
            Seed = _options.Seed,
            Recipe = _recipe,
            Minimized = _options.Minimize,
            Preprocessing = filter.Model.Preprocessing.ToString(),
            Border = _geometry.Border,
            InitialImage = _options.InitialImage,
            Elapsed = share,
        })];
    }

    // One step alone has no activation after it.
    private bool IsRaised(List<float> activations) => activations.Count == 1
        || activations.Skip(1).Any(value => _options.Minimize ? value < activations[0] : value > activations[0]);

    // What the saved picture does, not what the ascent had in hand. A picture that a layer is too small for without its border
    // has no activation of its own.
    private float[] Measure(torch.Tensor pictures, IObjective objective)
    {
        try
        {
            return objective.Evaluate(Activate((pictures * 255).round() / 255)).ToFloats();
        }
        catch (ImageSizeException)
        {
            return [.. Enumerable.Repeat(float.NaN, (int)pictures.shape[0])];
        }
    }

    // N×C×H×W within 0…1: the same picture for all, or noise of each filter's own.
    private torch.Tensor Start(CnnFilter[] filters)
    {
        CnnModel model = _layer.Model;
        int channels = model.InputShape.Channels;
        if (_options.InitialImage is { } path)
        {
            torch.Tensor picture = ImageFile.Read(path, channels, _geometry.FullHeight, _geometry.FullWidth);
            return picture.unsqueeze(0).repeat(filters.Length, 1, 1, 1).to(model.TorchDevice);
        }

        long[] shape = [channels, _geometry.FullHeight, _geometry.FullWidth];
        torch.Tensor noise = torch.stack(filters.Select(filter =>
        {
            using var generator = new torch.Generator(SeedOf(filter));
            return torch.rand(shape, generator: generator);
        }));
        return ((noise - 0.5f) * _recipe.InitialNoise + 0.5f).to(model.TorchDevice);
    }

    // FNV-1a over seed, layer and filter: the same picture whatever else is in the batch.
    private ulong SeedOf(CnnFilter filter)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes($"{_options.Seed}/{filter.Layer.Name}/{filter.Index}"))
        {
            hash = (hash ^ value) * 1099511628211;
        }

        return hash;
    }
}
