using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Ascent;

/// <summary>
/// How pictures of objectives are held to photos. The photos are shown to the network as large as its input; a picture of a filter is held to what
/// the filter sees of those that fire it most, any other to photos as a whole.
/// </summary>
internal sealed class ReferencePhotos
{
    private readonly IReadOnlyList<CnnObjective> _objectives;
    private readonly ReferenceSettings _settings;
    private readonly CnnModel _model;
    private readonly object _lock = new();
    private Dictionary<CnnObjective, ReferenceDistribution[]>? _distributions;

    /// <param name="objectives">The objectives; of one model.</param>
    /// <param name="settings">The photos, and how many of them count.</param>
    public ReferencePhotos(IReadOnlyList<CnnObjective> objectives, ReferenceSettings settings)
    {
        (_objectives, _settings, _model) = (objectives, settings, objectives[0].Model);
        Layers = ReferenceLayers.Of(objectives.SelectMany(objective => objective.Layers).MaxBy(layer => layer.Node)!);
    }

    /// <summary>What likeness counts; the activation counts the rest.</summary>
    public double Likeness => _settings.Likeness;

    /// <summary>The layers at which pictures and photos are compared.</summary>
    public IReadOnlyList<CnnLayer> Layers { get; }

    /// <summary>Reads the photos, where they have not been read.</summary>
    /// <param name="cancellation">Stops between two operations.</param>
    /// <exception cref="CnnVizException">One of the photos cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public void Read(CancellationToken cancellation)
    {
        lock (_lock)
        {
            _distributions ??= Measure(cancellation);
        }
    }

    /// <summary>How far an image is from the photos of an objective: the mean over the layers, 0 for the same distributions.</summary>
    /// <param name="objective">One of the objectives.</param>
    /// <param name="answers">What the layers answer to the views of the image.</param>
    /// <returns>One value a view, differentiable.</returns>
    public torch.Tensor Distance(CnnObjective objective, Activations answers) =>
        Layers.Zip(_distributions![objective], (layer, distribution) => distribution.Distance(answers[layer]))
            .Aggregate((sum, distance) => sum.Add(distance)).Div(Layers.Count);

    private Dictionary<CnnObjective, ReferenceDistribution[]> Measure(CancellationToken cancellation)
    {
        PictureList photos = _settings.Pictures!;
        ILookup<int, (CnnObjective Objective, ImagePatch Part)> chosen = Choose(photos, cancellation);
        var distributions = _objectives.ToDictionary(
            objective => objective, _ => Layers.Select(layer => new ReferenceDistribution(layer.Filters)).ToArray());
        SubGraph graph = _model.Graph.SubGraph([.. Layers.Select(layer => layer.Node)]);
        for (int photo = 0; photo < photos.Count; photo++)
        {
            if (!chosen.Contains(photo))
            {
                continue;
            }

            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor[] maps = Show(graph, photos[photo], cancellation);
            foreach ((CnnObjective objective, ImagePatch part) in chosen[photo])
            {
                for (int i = 0; i < maps.Length; i++)
                {
                    distributions[objective][i].Add(Cut(maps[i], part));
                }
            }
        }

        return distributions;
    }

    // The photos of each objective, by their numbers, and what of them counts.
    private ILookup<int, (CnnObjective Objective, ImagePatch Part)> Choose(PictureList photos, CancellationToken cancellation)
    {
        (int height, int width) = (_model.InputShape.Height, _model.InputShape.Width);
        var whole = new ImagePatch(0, 0, height, width);
        int count = Math.Max(1, (int)Math.Round(photos.Count * _settings.Share));
        CnnObjective[] ranked = [.. _objectives.Where(objective => objective.Filter is { } filter && (count < photos.Count || !filter.Layer.ReceptiveField.IsWholeImage))];
        var best = ranked.ToDictionary(objective => objective, _ => new List<(float Value, int Photo, ImagePatch Part)>());
        CnnLayer[] layers = [.. ranked.Select(objective => objective.Filter!.Layer).Distinct()];
        SubGraph? graph = layers.Length == 0 ? null : _model.Graph.SubGraph([.. layers.Select(layer => layer.Node)]);
        for (int photo = 0; graph is not null && photo < photos.Count; photo++)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor[] maps = Show(graph, photos[photo], cancellation);
            foreach (CnnObjective objective in ranked)
            {
                CnnFilter filter = objective.Filter!;
                torch.Tensor map = maps[Array.IndexOf(layers, filter.Layer)].select(1, filter.Index);
                int columns = map.dim() == 3 ? (int)map.shape[2] : 1;
                (torch.Tensor most, torch.Tensor place) = map.flatten().max(0);
                int position = (int)place.ToLongs()[0];
                ImagePatch part = filter.Layer.ReceptiveField.PatchAt(position / columns, position % columns, height, width);
                best[objective].Add((most.ToFloats()[0], photo, part));
            }
        }

        return _objectives.SelectMany(objective => best.TryGetValue(objective, out var values)
                ? values.OrderByDescending(value => value.Value).Take(count).Select(value => (value.Photo, objective, value.Part))
                : Enumerable.Range(0, photos.Count).Select(photo => (photo, objective, whole)))
            .ToLookup(choice => choice.Item1, choice => (choice.Item2, choice.Item3));
    }

    private torch.Tensor[] Show(SubGraph graph, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!File.Exists(path))
        {
            throw new CnnVizException(
                "PathNotFound", $"The recipe has a picture resemble '{path}', which does not exist or is not a picture on this machine.", "Give the photos with -Reference.");
        }

        using var noGradients = torch.no_grad();
        LayerShape shape = _model.InputShape;
        torch.Tensor photo = ImageFile.ToTensor([ImageFile.ReadCenter(path, shape.Channels, shape.Height, shape.Width)], shape).to(_model.TorchDevice);
        return graph.RunAll(_model.Preprocessing.Apply(photo), redirectGradients: false, cancellation);
    }

    // The positions of a map, 1×C×H×W, that lie in a part of the image, or of a layer without a map its one: C×positions.
    private torch.Tensor Cut(torch.Tensor map, ImagePatch part)
    {
        if (map.dim() != 4)
        {
            return map.reshape(map.shape[1], -1);
        }

        (int first, int rows) = Span(part.Top, part.Height, _model.InputShape.Height, (int)map.shape[2]);
        (int left, int columns) = Span(part.Left, part.Width, _model.InputShape.Width, (int)map.shape[3]);
        return map[0].narrow(1, first, rows).narrow(2, left, columns).flatten(1);
    }

    private static (int First, int Count) Span(int start, int length, int whole, int positions)
    {
        double scale = (double)positions / whole;
        int first = Math.Min((int)Math.Round(start * scale), positions - 1);
        int end = Math.Clamp((int)Math.Round((start + length) * scale), first + 1, positions);
        return (first, end - first);
    }
}
