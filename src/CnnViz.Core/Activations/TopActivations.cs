using CnnViz.Networks;

namespace CnnViz.Activations;

/// <summary>
/// Keeps, for each filter, the images with the largest maxima, of however many. Only their activations are kept; an image of which
/// an activation is not a number is never among them.
/// </summary>
/// <param name="count">How many images to keep for each filter.</param>
public sealed class TopActivations(int count)
{
    // One heap a filter, the smallest maximum on top; of equal ones, the image that came last.
    private readonly Dictionary<CnnLayer, Heap[]> _heaps = [];
    private readonly List<LayerProbe> _layers = [];
    private int _images;

    /// <summary>How many activations are kept now.</summary>
    public int Count => _heaps.Values.Sum(heaps => heaps.Sum(heap => heap.Count));

    /// <summary>The images of each filter, the best first, layer by layer and filter by filter.</summary>
    public IEnumerable<(FilterActivation Activation, int Rank)> Best =>
        from layer in _layers
        from heap in _heaps[layer.Layer]
        from ranked in heap.UnorderedItems.OrderByDescending(item => item.Priority).Select((item, i) => (item.Element, i + 1))
        select ranked;

    /// <summary>Takes note of an image.</summary>
    public void Add(ImageActivations image)
    {
        _images++;
        foreach (LayerActivations layer in image.Layers)
        {
            if (!_heaps.TryGetValue(layer.Probe.Layer, out Heap[]? heaps))
            {
                heaps = [.. layer.Maxima.Select(_ => new Heap())];
                _heaps.Add(layer.Probe.Layer, heaps);
                _layers.Add(layer.Probe);
            }

            for (int i = 0; i < heaps.Length; i++)
            {
                Add(heaps[i], layer, i, image.Path);
            }
        }
    }

    private void Add(Heap heap, LayerActivations layer, int index, string path)
    {
        (float Max, int Order) priority = (layer.Maxima[index], -_images);
        bool isFull = heap.Count == count;
        if (float.IsNaN(priority.Max) || (isFull && heap.TryPeek(out _, out (float Max, int Order) least) && priority.CompareTo(least) < 0))
        {
            return;
        }

        if (isFull)
        {
            heap.Dequeue();
        }

        heap.Enqueue(layer.At(index, path), priority);
    }

    private sealed class Heap : PriorityQueue<FilterActivation, (float Max, int Order)>;
}
