using CnnViz.Import.PyTorch;
using CnnViz.Networks.Operators;
using TorchSharp;

namespace CnnViz.Import.TorchScript;

/// <summary>What one pickle of an archive holds, and the tensors in it.</summary>
internal sealed record ScriptPickle(object? Root, ScriptWeights Weights);

/// <summary>Reads the tensors of an archive, each once.</summary>
/// <param name="file">The file.</param>
/// <param name="swap">Whether values have their most significant byte first.</param>
/// <param name="find">Finds the bytes of a storage by its key; throws where there are none.</param>
internal sealed class ScriptWeights(WeightFile file, bool swap, Func<string, IStoredBytes> find)
{
    // Tensors may share storages; together they may be this much larger than the file.
    private const long Allowance = 64 << 20;

    private readonly Dictionary<TorchTensor, torch.Tensor> _read = new(ReferenceEqualityComparer.Instance);
    private long _left = file.Length + Allowance;

    /// <summary>The numbers that those of a quantized tensor stand for.</summary>
    /// <exception cref="NotTranslatedException">How they do is not known.</exception>
    public torch.Tensor Read(QuantizedTensor quantized)
    {
        torch.Tensor values = Read(quantized.Values).to(torch.ScalarType.Float32);
        switch (quantized.Code)
        {
            case [_, double scale, long zero]:
                return values.Sub((float)zero).Mul((float)scale);
            case [_, TorchTensor scales, TorchTensor zeros, long axis] when axis >= 0 && axis < values.dim():
                long[] shape = [.. values.shape.Select((_, i) => i == axis ? -1L : 1)];
                return (values - Read(zeros).to(torch.ScalarType.Float32).reshape(shape)) * Read(scales).reshape(shape);
            default:
                throw new NotTranslatedException("weights that are quantized in another way");
        }
    }

    /// <summary>Reads a tensor: floating-point numbers in single precision, whole ones in 64 bits.</summary>
    /// <returns>A tensor that belongs to the archive's reader, as long as its dispose scope.</returns>
    /// <exception cref="ModelFormatException">Its storage is not as its pickle says.</exception>
    public torch.Tensor Read(TorchTensor tensor)
    {
        if (_read.TryGetValue(tensor, out torch.Tensor? known))
        {
            return known;
        }

        IStoredBytes bytes = find(tensor.Storage.Key);
        int size = TensorBytes.SizeOf(tensor.Storage.Type);
        if (bytes.Length / size != tensor.Storage.Count)
        {
            throw file.Damaged($"the storage {WeightFile.Quote(tensor.Storage.Key)} has not as many values as its pickle says");
        }

        _left -= Math.Max(tensor.Count * size, bytes.Effort(tensor.Offset * size, tensor.Span * size));
        if (_left < 0)
        {
            throw file.TooLarge($"its tensors have many times the {file.Length} bytes of the file");
        }

        torch.Tensor read = tensor.Read(bytes, swap);
        torch.ScalarType type = read.is_floating_point() ? torch.ScalarType.Float32
            : read.dtype == torch.ScalarType.Bool ? torch.ScalarType.Bool
            : torch.ScalarType.Int64;
        return _read[tensor] = read.dtype == type ? read : read.to(type);
    }
}
