using CnnViz.Import.Networks;
using CnnViz.Models;

namespace CnnViz.Import.Architectures;

/// <summary>An architecture held against the tensors of a file.</summary>
internal sealed class ArchitectureMatch
{
    // Keys of counters that serve training alone.
    private const string BatchCounter = "num_batches_tracked";

    private readonly TorchNetwork _network;
    private readonly Value _output;

    /// <summary>Compares the two; no tensor is read.</summary>
    public ArchitectureMatch(Architecture architecture, StateDict tensors)
    {
        Architecture = architecture;
        _network = new TorchNetwork(key => tensors.TryGet(key, out StateTensor? tensor) ? tensor : null, architecture.Epsilon);
        _output = architecture.Describe(_network);
        HashSet<string> expected = [.. _network.Expected.Select(tensor => tensor.Key)];
        Unexpected =
        [
            .. tensors.Tensors.Select(tensor => tensor.Name).Where(key => !expected.Contains(key)
                && !key.EndsWith(BatchCounter, StringComparison.Ordinal)
                && !architecture.TrainingOnly.Any(part => key.StartsWith(part, StringComparison.Ordinal))),
        ];
    }

    /// <summary>The architecture.</summary>
    public Architecture Architecture { get; }

    /// <summary>Whether the file has every tensor that the architecture wants, and no other.</summary>
    public bool Fits => Mismatches == 0;

    /// <summary>How many tensors are missing, misshapen or unexpected.</summary>
    public int Mismatches => Missing.Count() + Misshapen.Count() + Unexpected.Count;

    /// <summary>Tensors that the file does not have.</summary>
    public IEnumerable<ExpectedTensor> Missing => _network.Expected.Where(tensor => tensor.Found is null);

    /// <summary>Tensors that the file has in another shape, or without real numbers.</summary>
    public IEnumerable<ExpectedTensor> Misshapen => _network.Expected.Where(tensor => tensor is { Found: not null, Fits: false });

    /// <summary>Keys of tensors that the architecture does not have.</summary>
    public IReadOnlyList<string> Unexpected { get; }

    /// <summary>All tensors that the architecture wants.</summary>
    public IReadOnlyList<ExpectedTensor> Expected => _network.Expected;

    /// <summary>Channels of the image.</summary>
    public int ImageChannels => (int)(_network.ImageChannels ?? 0);

    /// <summary>Reads the tensors and makes the graph, which the caller owns. Only for what fits.</summary>
    public Graph Build() => _network.Build(_output);
}
