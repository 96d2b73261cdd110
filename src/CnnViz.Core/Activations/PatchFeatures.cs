using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using CnnViz.Pictures;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>
/// What a network itself makes of parts of photos: each part fills the network's input, and its features are what the weights that classify see of it or,
/// without a classifier, the last layer's output; of maps, their means.
/// </summary>
internal sealed class PatchFeatures
{
    private readonly CnnModel _model;
    private readonly int _batchSize;
    private readonly SubGraph _graph;

    /// <param name="model">The network.</param>
    /// <param name="batchSize">How many parts run at once.</param>
    public PatchFeatures(CnnModel model, int batchSize)
    {
        (_model, _batchSize) = (model, batchSize);
        _graph = model.Graph.SubGraph([FeatureNode(model)]);
    }

    /// <summary>The features of parts, photo by photo, so that each is read once.</summary>
    /// <param name="parts">The parts; those that are the same run once.</param>
    /// <param name="report">Told how many photos are done.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>Features of each part; a photo that cannot be read any more has none.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Dictionary<(string Path, ImagePatch Patch), double[]> Of(
        IEnumerable<(string Path, ImagePatch Patch)> parts, Action<int, int, string> report, CancellationToken cancellation)
    {
        var features = new Dictionary<(string, ImagePatch), double[]>();
        var waiting = new List<((string, ImagePatch) Part, byte[] Pixels)>();
        IGrouping<string, (string Path, ImagePatch Patch)>[] photos = [.. parts.Distinct().GroupBy(part => part.Path)];
        LayerShape shape = _model.InputShape;
        for (int i = 0; i < photos.Length; i++)
        {
            report(i, photos.Length, photos[i].Key);
            byte[]? pixels = ImageBatch.Read([photos[i].Key], shape, cancellation)[0].Pixels;
            if (pixels is null)
            {
                continue;
            }

            foreach ((string Path, ImagePatch Patch) part in photos[i])
            {
                byte[] cut = ImageFile.Cut(pixels, shape, part.Patch);
                var picture = new PictureBytes(cut, part.Patch.Height, part.Patch.Width, cut.Length / (part.Patch.Height * part.Patch.Width));
                waiting.Add((part, picture.Resize(shape.Height, shape.Width, PictureFilter.CatmullRom).Samples));
                if (waiting.Count == _batchSize)
                {
                    Run(waiting, features, cancellation);
                }
            }
        }

        Run(waiting, features, cancellation);
        return features;
    }

    private void Run(
        List<((string, ImagePatch) Part, byte[] Pixels)> waiting, Dictionary<(string, ImagePatch), double[]> features, CancellationToken cancellation)
    {
        if (waiting.Count == 0)
        {
            return;
        }

        cancellation.ThrowIfCancellationRequested();
        using IDisposable lease = _model.Lease();
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor images = ImageFile.ToTensor([.. waiting.Select(part => part.Pixels)], _model.InputShape).to(_model.TorchDevice);
        torch.Tensor value = _graph.Run(_model.Preprocessing.Apply(images), cancellation);
        float[] values = (value.dim() == 4 ? value.mean([2, 3]) : value.flatten(1)).ToFloats();
        int length = values.Length / waiting.Count;
        for (int i = 0; i < waiting.Count; i++)
        {
            features[waiting[i].Part] = [.. values[(i * length)..((i + 1) * length)].Select(each => (double)each)];
        }

        waiting.Clear();
    }

    private static int FeatureNode(CnnModel model)
    {
        try
        {
            // A pooling or a rectifier may stand behind the weights that classify.
            int node = Classifier.Find(model)[0].Node;
            while (model.Graph.Nodes[node].Operator.ParameterCount == 0 && model.Graph.Nodes[node].Inputs[0] > 0)
            {
                node = model.Graph.Nodes[node].Inputs[0];
            }

            return model.Graph.Nodes[node].Inputs[0];
        }
        catch (CnnVizException exception) when (exception.ErrorId == "NoClassifier")
        {
            return model.Layers[^1].Node;
        }
    }
}
