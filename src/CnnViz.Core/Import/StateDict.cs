using System.Diagnostics.CodeAnalysis;
using CnnViz.Import.PyTorch;
using TorchSharp;

namespace CnnViz.Import;

/// <summary>The tensors of a weight file by their keys, in the order of the file. None is read before it is asked for.</summary>
internal sealed class StateDict : IDisposable
{
    private readonly Dictionary<string, StateTensor> _byName;
    private readonly IDisposable[] _files;

    /// <summary>Makes the dictionary.</summary>
    /// <param name="tensors">The tensors, whose names differ.</param>
    /// <param name="format">Name of the file's format.</param>
    /// <param name="files">What the tensors are read from; the dictionary owns it.</param>
    public StateDict(IReadOnlyList<StateTensor> tensors, string format, params IDisposable[] files)
    {
        Tensors = tensors;
        Format = format;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        _files = files;
    }

    /// <summary>Makes the dictionary of tensors that are at hand; they stay the caller's, and must outlive it.</summary>
    public StateDict(params (string Name, torch.Tensor Tensor)[] tensors)
        : this([.. tensors.Select(pair => new StateTensor(pair.Name, pair.Tensor.dtype, pair.Tensor.shape, pair.Tensor.clone))], "memory")
    {
    }

    /// <summary>The tensors in the order of the file.</summary>
    public IReadOnlyList<StateTensor> Tensors { get; }

    /// <summary>Name of the file's format, such as <c>safetensors</c>.</summary>
    public string Format { get; }

    /// <summary>The module that a file has whole, with its attributes; null where it has weights alone.</summary>
    public TorchObject? Module { get; init; }

    /// <summary>Whether a program of Keras wrote it, whose habits are others.</summary>
    public bool IsKeras { get; init; }

    /// <summary>Whether a map goes into a dense layer pixel by pixel, and not channel by channel.</summary>
    public bool IsChannelsLast { get; init; }

    /// <summary>What the file leaves open about its numbers, a sentence; else null.</summary>
    public string? Remark { get; init; }

    /// <summary>Names of the layers in their order, with those that have no weights, where the file has them; else empty.</summary>
    public IReadOnlyList<string> LayerNames { get; init; } = [];

    /// <summary>Finds a tensor by its key.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out StateTensor? tensor) => _byName.TryGetValue(name, out tensor);

    /// <summary>Lets go of the file. Tensors that were read stay.</summary>
    public void Dispose()
    {
        foreach (IDisposable file in _files)
        {
            file.Dispose();
        }
    }
}
