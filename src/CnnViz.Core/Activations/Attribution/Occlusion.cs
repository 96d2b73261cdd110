using CnnViz.Networks;
using CnnViz.Networks.Graphs;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Activations;

/// <summary>
/// Occlusion: how much lower the answer is where a grey square covers a part of the image, for each place of the square (Zeiler and Fergus,
/// "Visualizing and Understanding Convolutional Networks", ECCV 2014, section 4.2). The first square is in the upper left corner; the last ones of a row or column may
/// reach beyond the image. The answer of a filter that has a map is the map's mean.
/// </summary>
internal sealed class Occlusion : IAttribution
{
    private const int UsualShare = 7;

    private readonly CnnLayer _layer;
    private readonly SubGraph _graph;
    private readonly (int Top, int Left)[] _places;
    private readonly int _window;
    private readonly float _baseline;
    private readonly int _batchSize;

    /// <param name="layer">The layer of the filters.</param>
    /// <param name="options">The square, its grey, and how many images run at once.</param>
    /// <exception cref="CnnVizException">The square is larger than the image.</exception>
    public Occlusion(CnnLayer layer, AttributionOptions options)
    {
        LayerShape image = layer.Model.InputShape;
        int side = Math.Min(image.Height, image.Width);
        _window = options.WindowSize ?? Math.Max(1, (int)Math.Round((double)side / UsualShare));
        if (_window > side)
        {
            throw new CnnVizException(
                "WindowTooLarge",
                $"A square of {_window} pixels is larger than the network's input of {image.Height}×{image.Width}.",
                "Choose a smaller -WindowSize.");
        }

        int stride = options.Stride ?? Math.Max(1, _window / 2);
        int[] tops = Starts(image.Height, _window, stride);
        int[] lefts = Starts(image.Width, _window, stride);
        _places = [.. tops.SelectMany(top => lefts.Select(left => (top, left)))];
        (_layer, _baseline, _batchSize) = (layer, (float)options.Baseline, options.BatchSize);
        _graph = layer.Model.Graph.SubGraph(layer.Node);
        Columns = lefts.Length;
        Grid = new MapGrid((_window - 1) / 2.0, (_window - 1) / 2.0, stride, stride);
    }

    public MapMethod Method => MapMethod.Occlusion;

    public string? MapLayer => null;

    public int? WindowSize => _window;

    public MapGrid Grid { get; }

    public int Columns { get; }

    public int Runs => _places.Length + 1;

    public float[][] Explain(torch.Tensor image, Func<torch.Tensor, int[]> choose, Action<int> report, CancellationToken cancellation)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using var noGradients = torch.no_grad();
        torch.Tensor whole = Run(image, cancellation);
        int[] filters = choose(whole);
        float[] answers = Answers(whole);
        float[][] falls = [.. filters.Select(_ => new float[_places.Length])];
        for (int first = 0; first < _places.Length; first += _batchSize)
        {
            report(first + 1);
            using DisposeScope ofBatch = torch.NewDisposeScope();
            (int Top, int Left)[] places = _places[first..Math.Min(first + _batchSize, _places.Length)];
            float[] covered = Answers(Run(Cover(image, places), cancellation));
            for (int place = 0; place < places.Length; place++)
            {
                for (int i = 0; i < filters.Length; i++)
                {
                    falls[i][first + place] = answers[filters[i]] - covered[place * _layer.Filters + filters[i]];
                }
            }
        }

        return falls;
    }

    private torch.Tensor Run(torch.Tensor images, CancellationToken cancellation)
    {
        try
        {
            torch.Tensor output = _graph.Run(_layer.Model.Preprocessing.Apply(images), cancellation);
            return output.shape[0] == images.shape[0] ? output : throw LayerProbe.BatchRefused(_layer.Name, null);
        }
        catch (ImageSizeException exception) when (images.shape[0] > 1)
        {
            throw LayerProbe.BatchRefused(_layer.Name, exception);
        }
    }

    // Image by image, then filter by filter.
    private float[] Answers(torch.Tensor output) => output.reshape(output.shape[0], _layer.Filters, -1).mean([2]).ToFloats();

    private torch.Tensor Cover(torch.Tensor image, (int Top, int Left)[] places)
    {
        torch.Tensor images = image.repeat(places.Length, 1, 1, 1);
        for (int i = 0; i < places.Length; i++)
        {
            (int top, int left) = places[i];
            images.narrow(0, i, 1)
                .narrow(2, top, Math.Min(_window, images.shape[2] - top))
                .narrow(3, left, Math.Min(_window, images.shape[3] - left))
                .FillInPlace(_baseline);
        }

        return images;
    }

    private static int[] Starts(int length, int window, int stride) =>
        [.. Enumerable.Range(0, (length - window + stride - 1) / stride + 1).Select(i => i * stride)];
}
