using CnnViz.Networks;
using TorchSharp;

namespace CnnViz.Quality;

/// <summary>What natural pictures say of the filters of a layer. They run once for all filters; what fires a filter runs again when it is asked for.</summary>
internal sealed class LayerNature
{
    private readonly CnnLayer _layer;
    private readonly NaturalPatches _patches;
    private readonly PatchPool _pool;
    private readonly Opinion _own;
    private readonly Opinion? _judge;
    private readonly Dictionary<(int Filter, bool Least), (PatchLikeness Own, PatchLikeness? Judge)> _likenesses = [];

    private LayerNature(CnnLayer layer, NaturalImages images, CnnModel? judge)
    {
        _layer = layer;
        _patches = new NaturalPatches(layer);
        _pool = new PatchPool(layer, images.Paths.Count);
        _own = new Opinion(StageFeatures.UpTo(layer));
        _judge = judge is null ? null : new Opinion(StageFeatures.Of(judge, layer.Model.InputShape.Channels));
    }

    /// <summary>Shows natural pictures to a layer, at the size that its network was made for.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="images">The pictures.</param>
    /// <param name="judge">A second network that looks at them; or null.</param>
    /// <param name="progress">Told of every picture; or null.</param>
    /// <param name="cancellation">Stops at the next operation.</param>
    /// <exception cref="CnnVizException">The second network has no maps, or takes images with other channels.</exception>
    /// <exception cref="ImageSizeException">The second network cannot take pictures of that size.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LayerNature Of(
        CnnLayer layer, NaturalImages images, CnnModel? judge, IProgress<QualityProgress>? progress, CancellationToken cancellation)
    {
        var nature = new LayerNature(layer, images, judge);
        LayerShape shape = layer.Model.InputShape;
        int done = 0;
        foreach ((string path, torch.Tensor picture) in images.Read(shape.Channels, shape.Height, shape.Width))
        {
            using DisposeScope scope = torch.NewDisposeScope();
            torch.Tensor[] outputs = nature._own.Run(picture, cancellation);
            nature._patches.Add(path, outputs[^1]);
            PictureWindow[] windows = nature._pool.Add(path, outputs[^1], nature._patches.WindowAt);
            nature._own.Take(outputs, windows);
            if (nature._judge is { } second)
            {
                second.Take(second.Run(picture, cancellation), windows);
            }

            picture.Dispose();
            progress?.Report(new QualityProgress(layer.Name, ++done, images.Paths.Count));
        }

        return nature;
    }

    /// <summary>Compares a picture with natural patches, and with what a filter makes of them.</summary>
    /// <param name="picture">C×H×W, 0…1.</param>
    /// <param name="filter">Number of the filter.</param>
    /// <param name="least">Whether the picture is to lower the filter.</param>
    /// <param name="cancellation">Stops at the next operation.</param>
    public NatureFigures Compare(torch.Tensor picture, int filter, bool least, CancellationToken cancellation)
    {
        if (!_likenesses.TryGetValue((filter, least), out (PatchLikeness Own, PatchLikeness? Judge) likeness))
        {
            _likenesses[(filter, least)] = likeness = Find(filter, least, cancellation);
        }

        return new NatureFigures(
            likeness.Own.AgreementOf(_own.Of(picture, filter, cancellation)),
            likeness.Own.Clarity,
            likeness.Judge?.AgreementOf(_judge!.Of(picture, null, cancellation)),
            likeness.Judge?.Clarity);
    }

    private (PatchLikeness Own, PatchLikeness? Judge) Find(int filter, bool least, CancellationToken cancellation)
    {
        NaturalPatch[] firing = _patches.Of(filter, least);
        int sign = least ? -1 : 1;
        return (Likeness(_own, filter), _judge is null ? null : Likeness(_judge, null));

        PatchLikeness Likeness(Opinion opinion, int? left)
        {
            IEnumerable<(string, double[][], float)> strongest =
                firing.Select(patch => (patch.Path, Read(opinion, patch, left, cancellation), patch.Activation * sign));
            IEnumerable<(string, double[][], float)> any =
                _pool.Patches.Select((patch, i) => (patch.Path, opinion.Of(i, left), patch.Activations[filter] * sign));
            return new PatchLikeness([.. strongest.Concat(any)], firing.Length);
        }
    }

    private double[][] Read(Opinion opinion, NaturalPatch patch, int? left, CancellationToken cancellation)
    {
        LayerShape shape = _layer.Model.InputShape;
        using torch.Tensor picture = NaturalImages.Read(patch.Path, shape.Channels, shape.Height, shape.Width);
        return opinion.Of(picture, patch.Window, left, cancellation);
    }

    // A network's features, in units of what natural pictures have.
    private sealed class Opinion(StageFeatures features)
    {
        private readonly FeatureScale _scale = new(features.Count);

        // Of each patch of the pool.
        private readonly List<double[][]> _pool = [];

        public torch.Tensor[] Run(torch.Tensor natural, CancellationToken cancellation) => features.Run(natural, cancellation);

        public void Take(torch.Tensor[] outputs, PictureWindow[] windows)
        {
            _scale.Add(outputs);
            _pool.AddRange(windows.Select(window => features.At(outputs, window)));
        }

        public double[][] Of(int patch, int? left) => _scale.Apply(_pool[patch], left);

        public double[][] Of(torch.Tensor picture, int? left, CancellationToken cancellation) => Of(picture, PictureWindow.Whole, left, cancellation);

        public double[][] Of(torch.Tensor picture, PictureWindow window, int? left, CancellationToken cancellation)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            return _scale.Apply(features.At(features.Run(picture, cancellation), window), left);
        }
    }
}
