using CnnViz.Import.Networks;
using CnnViz.Networks.Graphs;

namespace CnnViz.Import.Architectures;

/// <summary>An architecture held against the tensors of a file.</summary>
internal sealed class ArchitectureMatch
{
    // Keys of counters that serve training alone.
    private const string BatchCounter = "num_batches_tracked";

    // What Keras adds to the variance unless told otherwise.
    private const double KerasEpsilon = 1e-3;

    // What a message lists before it goes on with a number.
    private const int MostListed = 5;

    private readonly TorchNetwork _network;
    private readonly Value _output;

    /// <summary>Compares the two; no tensor is read.</summary>
    /// <param name="architecture">The architecture.</param>
    /// <param name="tensors">The tensors.</param>
    /// <param name="find">Finds a tensor by the architecture's name for it; null for the names of the file.</param>
    public ArchitectureMatch(Architecture architecture, StateDict tensors, Func<string, StateTensor?>? find = null)
    {
        Architecture = architecture;
        _network = new TorchNetwork(
            find ?? (key => tensors.TryGet(key, out StateTensor? tensor) ? tensor : null),
            tensors.IsKeras ? KerasEpsilon : architecture.Epsilon)
        {
            PadsAsTensorFlow = architecture.PadsAsTensorFlow,
            IsChannelsLast = tensors.IsChannelsLast,
            IsKeras = tensors.IsKeras,
        };
        _output = architecture.Describe(_network);
        HashSet<StateTensor> found =
            new(_network.Expected.Select(tensor => tensor.Found).OfType<StateTensor>(), ReferenceEqualityComparer.Instance);
        Missing = [.. _network.Expected.Where(tensor => tensor.Found is null)];
        Misshapen = [.. _network.Expected.Where(tensor => tensor is { Found: not null, Fits: false })];
        Unexpected =
        [
            .. tensors.Tensors.Where(tensor => !found.Contains(tensor)).Select(tensor => tensor.Name).Where(key =>
                !key.EndsWith(BatchCounter, StringComparison.Ordinal)
                && !architecture.TrainingOnly.Any(part => key.StartsWith(part, StringComparison.Ordinal))
                && !architecture.IsOmitted(key)),
        ];
    }

    /// <summary>The architecture.</summary>
    public Architecture Architecture { get; }

    /// <summary>Tensors that the file does not have.</summary>
    public IReadOnlyList<ExpectedTensor> Missing { get; }

    /// <summary>Tensors that the file has in another shape, or without real numbers.</summary>
    public IReadOnlyList<ExpectedTensor> Misshapen { get; }

    /// <summary>Keys of tensors that the architecture does not have.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>How many tensors are missing, misshapen or unexpected.</summary>
    public int Mismatches => Missing.Count + Misshapen.Count + Unexpected.Count;

    /// <summary>Whether the file has every tensor that the architecture wants, and no other.</summary>
    public bool Fits => Mismatches == 0;

    /// <summary>All tensors that the architecture wants.</summary>
    public IReadOnlyList<ExpectedTensor> Expected => _network.Expected;

    /// <summary>Channels of the image.</summary>
    public int ImageChannels => (int)(_network.ImageChannels ?? 0);

    /// <summary>Channels of the network's output; null where they are not known.</summary>
    public long? OutputChannels => _output.Channels;

    /// <summary>What the user should know about guesses in the network; null where there are none.</summary>
    public string? Remark => string.Join(' ', [Architecture.Remark, .. _network.Guesses]).Trim() is { Length: > 0 } remark ? remark : null;

    /// <summary>What does not fit, such as <c>missing: fc.bias; unexpected: head.weight, and 3 more</c>.</summary>
    public string Difference => string.Join("; ", new[]
    {
        List("missing", Missing.Select(tensor => WeightFile.Quote(tensor.Key))),
        List("of another shape", Misshapen.Select(tensor =>
            $"{WeightFile.Quote(tensor.Key)} ({Shape(tensor.Found!.Shape.Select(size => (long?)size))} instead of {Shape(tensor.Shape)})")),
        List("unexpected", Unexpected.Select(WeightFile.Quote)),
    }.Where(list => list.Length > 0));

    /// <summary>Reads the tensors and makes the graph, which the caller owns. Only for what fits.</summary>
    public Graph Build() => _network.Build(_output);

    private static string List(string what, IEnumerable<string> keys)
    {
        string[] all = [.. keys];
        string more = all.Length > MostListed ? $", and {all.Length - MostListed} more" : string.Empty;
        return all.Length == 0 ? string.Empty : $"{what}: {string.Join(", ", all.Take(MostListed))}{more}";
    }

    private static string Shape(IEnumerable<long?> sizes)
    {
        string shape = string.Join('×', sizes.Select(size => size?.ToString() ?? "?"));
        return shape.Length == 0 ? "a single value" : shape;
    }
}
