using System.Globalization;
using CnnViz.Networks.Graphs;
using TorchSharp;

namespace CnnViz.Networks;

/// <summary>A trained network, ready to be looked into.</summary>
public sealed class CnnModel : IDisposable
{
    private readonly Dictionary<string, CnnLayer> _layersByName;
    private readonly object _lock = new();
    private int _leases;

    /// <summary>Takes over a graph.</summary>
    /// <exception cref="ImageSizeException">The network cannot run at its own input size.</exception>
    /// <exception cref="CnnVizException">No layer has as many units as there are class names.</exception>
    internal CnnModel(Graph graph, ModelFacts facts, torch.Device device)
    {
        Name = VisibleText.Of(facts.Name);
        Path = facts.Path;
        Format = facts.Format;
        Architecture = facts.Architecture;
        Sha256 = facts.Sha256;
        Preprocessing = facts.Preprocessing;
        HasOpenSize = facts.HasOpenSize;
        Remark = facts.Remark;
        Given = facts.Given;
        InputShape = facts.InputShape;
        TorchDevice = device;
        graph.To(device);

        using DisposeScope scope = torch.NewDisposeScope();
        using (torch.no_grad())
        {
            torch.Tensor image = torch.zeros(
                [1, InputShape.Channels, InputShape.Height, InputShape.Width], device: device);
            (long[]? Shape, bool IsFloat)[] outputs = Observe(graph, image);
            Graph = graph.Generalize([.. outputs.Select(output => output.Shape)]);
            (IReadOnlyList<CnnLayer> layers, IReadOnlyList<CnnLayer> blocks) = LayerList.Of(this, outputs);
            (Layers, Blocks) = (new ValueList<CnnLayer>(layers), new ValueList<CnnLayer>(blocks));
        }

        _layersByName = LayersAndBlocks.ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        ClassNamesByLayer = facts.ClassNames.Count > 0
            ? NameUnits(Visible(facts.ClassNames))
            : facts.ClassNamesByLayer.ToDictionary(
                pair => VisibleText.Of(pair.Key), pair => Visible(pair.Value), StringComparer.Ordinal);

        static IReadOnlyList<string> Visible(IEnumerable<string> names) => new ValueList<string>([.. names.Select(VisibleText.Of)]);
    }

    /// <summary>Its name: the file's, without folder and extension.</summary>
    public string Name { get; }

    /// <summary>Full path of the file that it came from; empty for a module of the session.</summary>
    public string Path { get; }

    /// <summary>Format of that file, such as <c>ONNX</c>; <c>TorchSharp</c> for a module.</summary>
    public string Format { get; }

    /// <summary>The architecture that the network was made of, where the file has weights only; else null.</summary>
    public string? Architecture { get; }

    /// <summary>SHA-256 of that file, or of the file that the module would have been saved to, in lower-case hexadecimal.</summary>
    public string Sha256 { get; }

    /// <summary>The size of image that it was made for: channels × height × width.</summary>
    public LayerShape InputShape { get; }

    /// <summary>How a picture becomes its input.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>Names of its (first) classes in order; empty where they are not known.</summary>
    public IReadOnlyList<string> ClassNames => ClassNamesByLayer.Values.FirstOrDefault() ?? new ValueList<string>([]);

    /// <summary>The device that it runs on: <c>cpu</c>, <c>cuda:0</c>, <c>mps</c>.</summary>
    public string Device => TorchDevice.ToString();

    /// <inheritdoc cref="GetLayers" />
    internal IReadOnlyList<CnnLayer> Layers { get; }

    /// <inheritdoc cref="GetBlocks" />
    internal IReadOnlyList<CnnLayer> Blocks { get; }

    /// <summary>All that has a name, once.</summary>
    internal IEnumerable<CnnLayer> LayersAndBlocks => Layers.Union(Blocks);

    /// <summary>Number of trained values.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters);

    /// <summary>True once its memory has been given back.</summary>
    public bool IsDisposed { get; private set; }

    internal Graph Graph { get; }

    /// <summary>What the user should know about layers that cannot be seen, a sentence; null where all can.</summary>
    internal string? Remark { get; }

    /// <summary>What the user said of the file, without which it would be read as another model.</summary>
    internal GivenFacts Given { get; }

    /// <summary>Names of the units of the layers that have classes.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNamesByLayer { get; }

    /// <summary>Whether the file leaves height and width of the input open.</summary>
    internal bool HasOpenSize { get; }

    internal torch.Device TorchDevice { get; }

    /// <summary>
    /// Its layers in execution order; without blocks, whose outputs are those of layers. In PowerShell they are the property Layers; here it is no
    /// property, or ConvertTo-Json would write all that each layer has.
    /// </summary>
    public IReadOnlyList<CnnLayer> GetLayers() => Layers;

    /// <summary>
    /// The modules that consist of layers, in the order in which they begin, each before those within it: <c>layer1</c>, <c>layer1.0</c>. In PowerShell
    /// they are the property Blocks.
    /// </summary>
    public IReadOnlyList<CnnLayer> GetBlocks() => Blocks;

    /// <summary>The layer or block of a name.</summary>
    /// <param name="name">Its name; upper and lower case count only where another layer differs in nothing else.</param>
    /// <exception cref="CnnVizException">There is none; the message has the nearest names.</exception>
    public CnnLayer GetLayer(string name) => _layersByName.TryGetValue(name, out CnnLayer? layer)
        ? layer
        : LayersAndBlocks.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.OrdinalIgnoreCase)) ?? throw new CnnVizException(
            "LayerNotFound",
            $"Model '{Name}' has no layer '{name}'.{NearestNames.Hint(name, _layersByName.Keys)}",
            "List the layers with Get-CnnLayer.");

    /// <summary>
    /// Gives the weights' memory back, as soon as nothing runs on them. Layers and filters of the model are of no use afterwards.
    /// </summary>
    public void Dispose()
    {
        lock (_lock)
        {
            IsDisposed = true;
            if (_leases == 0)
            {
                Graph.Dispose();
            }
        }
    }

    /// <summary>Such as <c>googlenet (ONNX, 3×224×224, 1000 classes)</c>.</summary>
    public override string ToString() => ClassNames.Count == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{Name} ({Format}, {InputShape})")
        : string.Create(CultureInfo.InvariantCulture, $"{Name} ({Format}, {InputShape}, {ClassNames.Count} classes)");

    /// <exception cref="CnnVizException">The model was disposed.</exception>
    internal void ThrowIfDisposed()
    {
        if (IsDisposed)
        {
            throw new CnnVizException("ModelDisposed", $"Model '{Name}' has been disposed.", "Import it again with Import-CnnModel.");
        }
    }

    /// <summary>Keeps the weights alive until the lease is disposed, even if the model is disposed before.</summary>
    /// <exception cref="CnnVizException">The model was disposed.</exception>
    internal IDisposable Lease()
    {
        lock (_lock)
        {
            ThrowIfDisposed();
            _leases++;
            return new ModelLease(this);
        }
    }

    private void Return()
    {
        lock (_lock)
        {
            _leases--;
            if (IsDisposed && _leases == 0)
            {
                Graph.Dispose();
            }
        }
    }

    private static (long[]? Shape, bool IsFloat)[] Observe(Graph graph, torch.Tensor image)
    {
        var outputs = new (long[]?, bool)[graph.Nodes.Count];
        outputs[0] = (image.shape, true);
        int[] all = [.. Enumerable.Range(0, graph.Nodes.Count)];
        graph.SubGraph(all).Sketch(image, (node, value) => outputs[node] = (value.shape, value.is_floating_point()));
        return outputs;
    }

    // Names without a layer belong to the last units of that number: the classifier's, and what follows it.
    private Dictionary<string, IReadOnlyList<string>> NameUnits(IReadOnlyList<string> names)
    {
        CnnLayer[] units =
        [
            .. Layers.Reverse()
                .SkipWhile(layer => layer.Filters != names.Count)
                .TakeWhile(layer => layer.Filters == names.Count)
                .Reverse(),
        ];
        return units.Length > 0
            ? units.ToDictionary(layer => layer.Name, _ => names, StringComparer.Ordinal)
            : throw new CnnVizException(
                "ClassNamesMismatch",
                $"There are {names.Count} class names, but no layer of '{Name}' has that many units.",
                "Give one name for each unit of the classifier.");
    }

    private sealed class ModelLease(CnnModel model) : IDisposable
    {
        private CnnModel? _model = model;

        public void Dispose() => Interlocked.Exchange(ref _model, null)?.Return();
    }
}

/// <summary>What a reader knows about a model beside its graph.</summary>
internal sealed record ModelFacts(
    string Name,
    string Path,
    string Format,
    string Sha256,
    LayerShape InputShape,
    Preprocessing Preprocessing)
{
    /// <summary>The architecture that the network was made of; null where the file has the network itself.</summary>
    public string? Architecture { get; init; }

    /// <summary>Class names that the user gave; empty for none.</summary>
    public IReadOnlyList<string> ClassNames { get; init; } = [];

    /// <summary>Class names that the file states, by layer.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNamesByLayer { get; init; } =
        new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>What the user said of the file.</summary>
    public GivenFacts Given { get; init; } = new();

    /// <summary>Whether the file leaves height and width of the input open.</summary>
    public bool HasOpenSize { get; init; }

    /// <summary>What the user should know about layers that cannot be seen, a sentence; null where all can.</summary>
    public string? Remark { get; init; }
}

/// <summary>What a user said of a model's file; what is null or empty was read from it.</summary>
internal sealed record GivenFacts
{
    /// <summary>The architecture of its weights: a name, or the path of a description.</summary>
    public string? Architecture { get; init; }

    /// <summary>Height and width of the input.</summary>
    public (int Height, int Width)? InputSize { get; init; }

    /// <summary>Names of its classes.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>Values of inputs beside the image.</summary>
    public IReadOnlyDictionary<string, float[]> Inputs { get; init; } = new Dictionary<string, float[]>();
}
